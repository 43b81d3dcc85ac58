"""
A random UNet. Usage: make_unet.py FOLDER [NAME]

Without a name in the structure of IF's first stage: 160 M parameters, 85 GFLOP a step, float32.
With one (IF-I-M, IF-I-L, IF-I-XL, IF-II-M, IF-II-L) of the published size, in halves as published.
"""
import gzip
import json
import sys
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel

small = dict(
    sample_size=64, in_channels=3, out_channels=6, block_out_channels=[128, 256, 384, 512], layers_per_block=3,
    down_block_types=['ResnetDownsampleBlock2D'] + ['SimpleCrossAttnDownBlock2D'] * 3,
    up_block_types=['SimpleCrossAttnUpBlock2D'] * 3 + ['ResnetUpsampleBlock2D'], mid_block_type='UNetMidBlock2DSimpleCrossAttn',
    act_fn='gelu', attention_head_dim=64, cross_attention_dim=768, cross_attention_norm='group_norm',
    resnet_time_scale_shift='scale_shift', encoder_hid_dim=2048, encoder_hid_dim_type='text_proj', addition_embed_type='text',
    addition_embed_type_num_heads=32)
manifests = Path(__file__).parent.parent / 'test' / 'oracle' / 'manifests'

folder, *name = sys.argv[1:]
torch.manual_seed(180)
if name:
    torch.set_default_dtype(torch.float16)
    config = json.loads(gzip.decompress((manifests / f'{name[0]}.json.gz').read_bytes()))['config']
    UNet2DConditionModel.from_config(config).save_pretrained(folder)
else:
    UNet2DConditionModel(**small).save_pretrained(folder)
