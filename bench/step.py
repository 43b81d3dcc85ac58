"""diffusers' side of a step: one UNet call for each line read, timed. Usage: step.py FOLDER THREADS"""
import json
import sys
import time

import torch
from diffusers import UNet2DConditionModel

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
unet = UNet2DConditionModel.from_pretrained(folder, torch_dtype=torch.float32).eval()
size = unet.config.sample_size
generator = torch.Generator().manual_seed(180)
sample = torch.randn(1, unet.config.in_channels, size, size, generator=generator)
text = torch.randn(1, 77, unet.config.encoder_hid_dim, generator=generator)


@torch.no_grad()
def step():
    return unet(sample, 500, encoder_hidden_states=text).sample


out = step()
print(json.dumps({'out': out.flatten()[:64].tolist()}), flush=True)
for _ in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    step()
    print(json.dumps({'wallMs': (time.perf_counter() - wall) * 1e3, 'cpuMs': (time.process_time() - cpu) * 1e3}), flush=True)
