"""A random UNet in the structure of IF's first stage: 160 M parameters, 85 GFLOP a step, float32. Usage: make_unet.py FOLDER"""
import sys

import torch
from diffusers import UNet2DConditionModel

torch.manual_seed(180)
UNet2DConditionModel(
    sample_size=64, in_channels=3, out_channels=6, block_out_channels=[128, 256, 384, 512], layers_per_block=3,
    down_block_types=['ResnetDownsampleBlock2D'] + ['SimpleCrossAttnDownBlock2D'] * 3,
    up_block_types=['SimpleCrossAttnUpBlock2D'] * 3 + ['ResnetUpsampleBlock2D'], mid_block_type='UNetMidBlock2DSimpleCrossAttn',
    act_fn='gelu', attention_head_dim=64, cross_attention_dim=768, cross_attention_norm='group_norm',
    resnet_time_scale_shift='scale_shift', encoder_hid_dim=2048, encoder_hid_dim_type='text_proj', addition_embed_type='text',
    addition_embed_type_num_heads=32).save_pretrained(sys.argv[1])
