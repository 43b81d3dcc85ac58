#!/usr/bin/env python3
"""Small UNets with unusual switches, and what diffusers computes with them: test/oracle/unets/<name>/.

    python test/oracle/unets.py        (torch, diffusers)

Each folder holds config.json, weights, and expected.safetensors: `<case>.{sample,text,labels,timesteps,mask}` and
`<case>.t<timestep>.out`, `<case>.out`, `<case>.out_masked`.
"""
import hashlib
import json
import pathlib
import platform
import shutil

import diffusers
import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).resolve().parent / 'unets'
RESNET_DOWN, CROSS_DOWN = 'ResnetDownsampleBlock2D', 'SimpleCrossAttnDownBlock2D'
RESNET_UP, CROSS_UP = 'ResnetUpsampleBlock2D', 'SimpleCrossAttnUpBlock2D'


def stage_one(**more):
    return dict(dict(
        sample_size=16, in_channels=3, out_channels=6, block_out_channels=[8, 16], layers_per_block=1,
        down_block_types=[RESNET_DOWN, CROSS_DOWN], up_block_types=[CROSS_UP, RESNET_UP],
        mid_block_type='UNetMidBlock2DSimpleCrossAttn', act_fn='gelu', attention_head_dim=8, cross_attention_dim=32,
        cross_attention_norm='group_norm', norm_num_groups=4, encoder_hid_dim=12, encoder_hid_dim_type='text_proj',
        addition_embed_type='text', addition_embed_type_num_heads=3, resnet_time_scale_shift='scale_shift'), **more)


STAGE_TWO = dict(in_channels=6, class_embed_type='timestep', time_embedding_act_fn='gelu', time_embedding_dim=24,
                 resnet_skip_time_act=True, resnet_out_scale_factor=1 / 0.7071, mid_block_scale_factor=1 / 0.7071)

UNETS = {
    # As the two stages of the family are, in half precision as they are published.
    'stage-one': (stage_one(), torch.float16),
    'stage-two': (stage_one(**STAGE_TWO, block_out_channels=[8, 8, 16], layers_per_block=[1, 1, 2], attention_head_dim=[4, 8, 16],
                            down_block_types=[RESNET_DOWN, RESNET_DOWN, CROSS_DOWN], up_block_types=[CROSS_UP, RESNET_UP, RESNET_UP]), torch.bfloat16),
    # The text alone is attended to; no projection and no pooling of the text.
    'text-only': (stage_one(only_cross_attention=True, attention_head_dim=4, encoder_hid_dim=None, encoder_hid_dim_type=None,
                            addition_embed_type=None), torch.float32),
    # Time is added, not scaled; LayerNorm on the text, which fits because D is the channels of every block that attends.
    'added-time': (stage_one(resnet_time_scale_shift='default', act_fn='silu', cross_attention_norm='layer_norm', block_out_channels=[16, 32],
                             only_cross_attention=[False, True], mid_block_only_cross_attention=False, timestep_post_act='silu'), torch.float16),
    # Every other number that a config may carry.
    'odd-numbers': (stage_one(cross_attention_norm=None, center_input_sample=True, conv_in_kernel=5, conv_out_kernel=1, freq_shift=1,
                              flip_sin_to_cos=False, norm_eps=1e-3, norm_num_groups=2, time_embedding_dim=20, out_channels=3,
                              block_out_channels=[6, 10], attention_head_dim=[2, 5]), torch.float32),
}


def randomized(config, dtype, generator):
    """Every parameter gets a value of sensible size, exact in `dtype`: norms and biases must show."""
    unet = UNet2DConditionModel(**config).eval()
    with torch.no_grad():
        for name, parameter in unet.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() > 1:
                noise /= parameter[0].numel() ** 0.5
            elif name.endswith('weight'):
                noise = 1 + 0.2 * noise
            else:
                noise *= 0.1
            parameter.copy_(noise.to(dtype).float())
    return unet


@torch.no_grad()
def cases(unet, generator):
    config = unet.config
    text_dim = config.encoder_hid_dim or config.cross_attention_dim
    side = 2 ** len(config.block_out_channels)
    tensors = {}
    for name, rows, height, width, tokens in (('one', 1, side, 2 * side, 7), ('batch', 3, 2 * side, side, 5)):
        sample = torch.randn(rows, config.in_channels, height, width, generator=generator)
        text = torch.randn(rows, tokens, text_dim, generator=generator)
        labels = torch.tensor([250, 3, 999][:rows]) if config.class_embed_type else None
        tensors |= {f'{name}.sample': sample, f'{name}.text': text} | ({f'{name}.labels': labels} if labels is not None else {})
        run = lambda t, **more: unet(sample, t, encoder_hidden_states=text, class_labels=labels, **more).sample
        tensors[f'{name}.t500.out'] = run(500)
        if rows > 1:
            times = torch.tensor([13, 400, 870])
            tensors |= {f'{name}.timesteps': times, f'{name}.out': run(times)}
        if rows > 1 and config.only_cross_attention is False:  # with it, diffusers' mask has the wrong length
            mask = torch.ones(rows, tokens)
            mask[0, 3:] = 0
            tensors |= {f'{name}.mask': mask, f'{name}.out_masked': run(times, encoder_attention_mask=mask)}
    return tensors


def main():
    shutil.rmtree(HERE, ignore_errors=True)
    generator = torch.Generator().manual_seed(180)
    for name, (config, dtype) in UNETS.items():
        unet = randomized(config, dtype, generator)
        expected = cases(unet, generator)
        sharded = {'max_shard_size': '60KB'} if name == 'added-time' else {}
        unet.to(dtype).save_pretrained(HERE / name, **sharded)
        save_file({key: value.contiguous() for key, value in expected.items()}, HERE / name / 'expected.safetensors')
    files = {str(p.relative_to(HERE)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(HERE.rglob('*')) if p.is_file()}
    provenance = dict(command='python test/oracle/unets.py', seed=180, torch=torch.__version__, diffusers=diffusers.__version__,
                      python=platform.python_version(), sha256=files)
    (HERE / 'provenance.json').write_text(json.dumps(provenance, indent=2) + '\n')


main()
