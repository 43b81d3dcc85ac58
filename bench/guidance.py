"""Experiment 7 written plainly on diffusers: five pictures from pure noise with guidance 7. Usage: guidance.py FOLDER THREADS"""
import json
import sys
import time

import torch
from diffusers import DDPMScheduler, UNet2DConditionModel
from transformers import AutoTokenizer, T5EncoderModel

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
unet = UNet2DConditionModel.from_pretrained(folder, subfolder='unet', torch_dtype=torch.float32).eval()
encoder = T5EncoderModel.from_pretrained(folder, subfolder='text_encoder', dtype=torch.float32).eval()
tokenizer = AutoTokenizer.from_pretrained(folder, subfolder='tokenizer')
scheduler = DDPMScheduler.from_pretrained(folder, subfolder='scheduler')
PROMPT, SEEDS, GAMMA = 'a high quality photo', range(180, 185), 7


@torch.no_grad()
def embed(prompt):
    ids = tokenizer(prompt, padding='max_length', max_length=77, truncation=True, return_tensors='pt')
    return encoder(ids.input_ids, attention_mask=ids.attention_mask)[0]


@torch.no_grad()
def experiment():
    generators = [torch.Generator().manual_seed(seed) for seed in SEEDS]
    x = torch.cat([torch.randn(1, 3, 64, 64, generator=g) for g in generators])
    text = torch.cat([embed('').expand(len(x), -1, -1), embed(PROMPT).expand(len(x), -1, -1)])
    scheduler.set_timesteps(timesteps=list(range(990, -1, -30)))
    for t in scheduler.timesteps:
        out = unet(torch.cat([x, x]), t, encoder_hidden_states=text).sample
        (unconditional, _), (conditional, variance) = (half.split(3, dim=1) for half in out.chunk(2))
        noise = unconditional + GAMMA * (conditional - unconditional)
        x = scheduler.step(torch.cat([noise, variance], dim=1), t, x, generator=generators).prev_sample
    return x


print(json.dumps({}), flush=True)
for _ in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    x = experiment()
    print(json.dumps({'wallMs': (time.perf_counter() - wall) * 1e3, 'cpuMs': (time.process_time() - cpu) * 1e3, 'mean': x.mean().item()}), flush=True)
