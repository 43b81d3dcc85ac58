"""diffusers' side of a step: one UNet call for each line read, timed. Usage: step.py FOLDER THREADS [cpu|cuda] [float32|float16|bfloat16] [BATCH] [compile]"""
import json
import sys
import time

import torch
from diffusers import UNet2DConditionModel

folder, threads, device, dtype, batch, *more = sys.argv[1:] + ['cpu', 'float32', '1'][len(sys.argv) - 3:]
torch.set_num_threads(int(threads))
unet = UNet2DConditionModel.from_pretrained(folder, torch_dtype=getattr(torch, dtype)).eval().to(device)
if dtype == 'bfloat16' and device == 'cpu':
    unet.to(memory_format=torch.channels_last)  # what oneDNN is quickest with
size = unet.config.sample_size
generator = torch.Generator().manual_seed(180)
random = lambda *shape: torch.randn(*shape, generator=generator).to(device, unet.dtype)
sample = random(int(batch), unet.config.in_channels, size, size)
text = random(1, 77, unet.config.encoder_hid_dim).expand(int(batch), -1, -1)
if more:
    unet.compile()


@torch.no_grad()
def step():
    out = unet(sample, 500, encoder_hidden_states=text).sample
    return out.float().cpu()  # a card is not done before its numbers are there


out = step()
memory = torch.cuda.max_memory_allocated() if device == 'cuda' else None
print(json.dumps({'out': out[0].flatten()[:64].tolist(), 'cardBytes': memory}), flush=True)
for _ in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    step()
    print(json.dumps({'wallMs': (time.perf_counter() - wall) * 1e3, 'cpuMs': (time.process_time() - cpu) * 1e3}), flush=True)
