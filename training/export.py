"""A training state becomes a folder that diffusers opens.

    python export.py --state STATE/last.pt --out ../checkpoints/campanile
    python export.py --state STATE2/last.pt --out ../checkpoints/campanile-ii --stage 2

Only the averaged weights go out, in fp16. Needs safetensors; diffusers only for --check.
"""
import argparse
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

import checkpoint
import machine
import models
import subjects
import tokenizer

DIFFUSERS, TRANSFORMERS = '0.42.1', '5.23.0'
SCHEDULER = dict(_class_name='DDPMScheduler', _diffusers_version=DIFFUSERS, num_train_timesteps=1000, beta_start=0.0001, beta_end=0.02, beta_schedule='squaredcos_cap_v2',
                 trained_betas=None, variance_type='learned_range', clip_sample=True, clip_sample_range=1.0, prediction_type='epsilon', thresholding=True,
                 dynamic_thresholding_ratio=0.95, sample_max_value=1.5, timestep_spacing='leading', steps_offset=0)
UNET_EXTRAS = dict(_class_name='UNet2DConditionModel', _diffusers_version=DIFFUSERS, downsample_padding=1, conv_in_kernel=3, conv_out_kernel=3, upcast_attention=False,
                   class_embeddings_concat=False, time_embedding_type='positional', num_attention_heads=None, transformer_layers_per_block=1, dual_cross_attention=False)
KINDS = dict(drawn=subjects.DRAWN, photographed=subjects.PHOTOGRAPHED)
T5_EXTRAS = dict(architectures=['T5EncoderModel'], model_type='t5', dense_act_fn='gelu_new', is_gated_act=True, dtype='float16', transformers_version=TRANSFORMERS, initializer_factor=1.0)


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + '\n')


def half(weights, name):
    return {k: v.half().contiguous() for k, v in checkpoint.part(weights, name).items()}


def save(tensors, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata={'format': 'pt'})


def joined(folder):
    files = [torch.load(f, map_location='cpu', weights_only=True) for f in sorted(Path(folder).glob('ema-*.pt'))]
    return files[0] | {'ema': {k: v for f in files for k, v in f['ema'].items()}}


def blend(state, raw):
    """Averaged weights, and `raw` of the last ones: after rates that fell to nothing the average lags behind."""
    if raw:
        state['ema'] = mixed(state['ema'], state['net'], raw)


def mixed(weights, others, share):
    """Weights that went on from `others` lie in the same valley: between them is what both can do (Wortsman et al. 2022)."""
    return {k: (1 - share) * v + share * others[k] for k, v in weights.items()}


def beside(path):
    """Weights to mix in; words that they have not met get the rows that training began them with."""
    found = checkpoint.weights(path)
    return found | {f'text.{k}': v for k, v in checkpoint.more_words(checkpoint.part(found, 'text'), models.VOCABULARY).items()}


def stage_one(state, out):
    write(out / 'model_index.json', dict(_class_name='IFPipeline', _diffusers_version=DIFFUSERS, feature_extractor=[None, None], requires_safety_checker=False, safety_checker=[None, None],
          scheduler=['diffusers', 'DDPMScheduler'], text_encoder=['transformers', 'T5EncoderModel'], tokenizer=['transformers', 'T5Tokenizer'], unet=['diffusers', 'UNet2DConditionModel'], watermarker=[None, None]))
    write(out / 'unet/config.json', UNET_EXTRAS | models.STAGE_I)
    write(out / 'scheduler/scheduler_config.json', SCHEDULER)
    write(out / 'text_encoder/config.json', T5_EXTRAS | models.T5)
    save(half(state['ema'], 'unet'), out / 'unet/diffusion_pytorch_model.safetensors')
    save(half(state['ema'], 'text'), out / 'text_encoder/model.safetensors')
    tokenizer.save(out / 'tokenizer')
    write(out / 'subjects.json', [dict(name=name, prompt=prompt, kind=kind) for kind, table in KINDS.items() for name, prompt in table.items()])


def stage_two(state, out):
    write(out / 'model_index.json', dict(_class_name='IFSuperResolutionPipeline', _diffusers_version=DIFFUSERS, feature_extractor=[None, None], requires_safety_checker=False, safety_checker=[None, None],
          image_noising_scheduler=['diffusers', 'DDPMScheduler'], scheduler=['diffusers', 'DDPMScheduler'], text_encoder=[None, None], tokenizer=[None, None], unet=['diffusers', 'UNet2DConditionModel'], watermarker=[None, None]))
    write(out / 'unet/config.json', UNET_EXTRAS | models.STAGE_II)
    write(out / 'scheduler/scheduler_config.json', SCHEDULER | dict(sample_max_value=1.0))
    write(out / 'image_noising_scheduler/scheduler_config.json', SCHEDULER | dict(sample_max_value=1.0, variance_type='fixed_small', thresholding=False, dynamic_thresholding_ratio=0.995))
    save(half(state['ema'], 'unet'), out / 'unet/diffusion_pytorch_model.safetensors')


AFTERWARDS = ('provenance.json', 'chosen.json', 'pairs.json')  # it cannot hold its own, and these two name the weights they were made with


def hashes(out, part=''):
    return {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted((out / part).rglob('*')) if p.is_file() and p.suffix in ('.json', '.safetensors', '.model') and p.name not in AFTERWARDS}


def relist(out, part):
    """Names the files of a part that was made later in the provenance of its checkpoint: browsers keep what has a hash."""
    file = out / 'provenance.json'
    known = json.loads(file.read_text())
    known['sha256'] = dict(sorted((known['sha256'] | hashes(out, part)).items()))
    write(file, known)


def provenance(out, state, a):
    """What made these files, and their hashes: a test compares both."""
    git = subprocess.run(['git', 'rev-parse', 'HEAD'], capture_output=True, text=True, cwd=Path(__file__).parent)
    write(out / 'provenance.json', dict(
        command=a.command, commit=git.stdout.strip(), torch=torch.__version__, python=sys.version.split()[0], seed=a.seed, steps=state['step'],
        pictures={str(k): v for k, v in state['seen'].items()}, hours=round(state['seconds'] / 3600, 2), **(dict(share_beside=a.share) if a.beside else {}), hardware=a.hardware or hardware(state), sha256=hashes(out)))


def hardware(state):
    """What the state says that it was trained on, else this machine: the processor, and how many of its cores torch was given."""
    return state.get('hardware') or machine.name(1)


def check(out, stage):
    from diffusers import UNet2DConditionModel
    config = models.STAGE_I if stage == 1 else models.STAGE_II
    theirs = UNet2DConditionModel.from_pretrained(out / 'unet', torch_dtype=torch.float32).eval()
    ours = models.UNet(config).eval()
    ours.load_state_dict(theirs.state_dict())
    n = 64 if stage == 1 else 128
    x, t, text = torch.randn(1, config['in_channels'], n, n), torch.tensor([500]), torch.randn(1, 77, models.TEXT_WIDTH)
    labels = None if stage == 1 else torch.tensor([50])
    with torch.no_grad():
        a, b = ours(x, t, text, labels), theirs(x, t, text, class_labels=labels).sample
    print('largest difference from diffusers', (a - b).abs().max().item(), 'of', b.abs().max().item())


if __name__ == '__main__':
    p = argparse.ArgumentParser()
    p.add_argument('--state', help='a last.pt')
    p.add_argument('--parts', help='or a folder of ema-*.pt')
    p.add_argument('--out', required=True)
    p.add_argument('--stage', type=int, default=1)
    p.add_argument('--command', default='see training/README.md')
    p.add_argument('--seed', type=int, default=180)
    p.add_argument('--hardware', default='', help='if it was not this machine, and the state does not say')
    p.add_argument('--calm', type=float, default=checkpoint.CALM, help='how much to lower v, see checkpoint.py')
    p.add_argument('--raw', type=float, default=0.0, help='share of the last weights beside the averaged ones, see blend()')
    p.add_argument('--beside', default='', help='an exported folder that training went on from, to be mixed in')
    p.add_argument('--share', type=float, default=0.5, help='of --beside')
    p.add_argument('--check', action='store_true')
    a = p.parse_args()
    state, out = (joined(a.parts) if a.parts else torch.load(a.state, map_location='cpu', weights_only=True)), Path(a.out)
    blend(state, a.raw)
    if a.beside:
        state['ema'] = mixed(state['ema'], beside(a.beside), a.share)
    checkpoint.calm(checkpoint.part(state['ema'], 'unet'), a.calm)
    (stage_one if a.stage == 1 else stage_two)(state, out)
    provenance(out, state, a)
    print(f'{sum(f.stat().st_size for f in out.rglob("*") if f.is_file()) / 1e6:.2f} MB')
    if a.check:
        check(out, a.stage)
