"""The picture that diffusers draws: IF's pipeline, 20 steps, guidance 7, seed 180. Usage: same_picture.py FOLDER PROMPT OUT"""
import sys

import torch
from diffusers import IFPipeline
from safetensors.torch import save_file

folder, prompt, out = sys.argv[1:]
pipeline = IFPipeline.from_pretrained(folder, torch_dtype=torch.float32)
pipeline.set_progress_bar_config(disable=True)
generator = torch.Generator().manual_seed(180)
picture = pipeline(prompt, num_inference_steps=20, guidance_scale=7.0, generator=generator, output_type='pt', clean_caption=False).images
save_file({'picture': picture.float().contiguous()}, out)
