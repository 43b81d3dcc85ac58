#!/usr/bin/env python3
"""Runs of diffusers' fast schedulers on an exact estimator: test/oracle/samplers/.

    python test/oracle/samplers.py        (torch, diffusers)

expected.safetensors holds `start` and, for each case of cases.json, `<case>.x` (x after each step, one below the other) and,
where noise is drawn, `<case>.noise` likewise. The estimator is that of pixels that are ±1.2 with a deviation of 0.2, in closed
form: samplers.test.ts has the same line.
"""
import hashlib
import json
import pathlib
import platform

import diffusers
import torch
from diffusers import DPMSolverMultistepScheduler, HeunDiscreteScheduler, UniPCMultistepScheduler
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).resolve().parent / 'samplers'
COSINE = dict(num_train_timesteps=1000, beta_schedule='squaredcos_cap_v2', prediction_type='epsilon')
THRESHOLD = dict(thresholding=True, dynamic_thresholding_ratio=0.95, sample_max_value=1.5)
DPM = dict(solver_order=2, final_sigmas_type='zero')
SCHEDULERS = {
    'dpmpp_2m': lambda **more: DPMSolverMultistepScheduler(**COSINE, **DPM, algorithm_type='dpmsolver++', **more),
    'dpmpp_2m_sde': lambda **more: DPMSolverMultistepScheduler(**COSINE, **DPM, algorithm_type='sde-dpmsolver++', **more),
    'unipc': lambda **more: UniPCMultistepScheduler(**COSINE, solver_order=2, final_sigmas_type='zero', **more),
    'heun': lambda **more: HeunDiscreteScheduler(**COSINE, **more),
}
# Steps, and whether x0 is thresholded (Heun's scheduler cannot). None begins at t = 999, where x0 is rounding, enlarged 20,000 times.
RUNS = [(10, True), (6, False)]


def estimate(x, t, alphas):
    a = alphas[int(t)].double()
    d = a * 0.2 ** 2 + 1 - a
    x = x.double()
    x0 = (a.sqrt() * 0.2 ** 2 * x + (1 - a) * 1.2 * torch.tanh(1.2 * a.sqrt() * x / d)) / d
    return ((x - a.sqrt() * x0) / (1 - a).sqrt()).float()


def main():
    HERE.mkdir(exist_ok=True)
    generator = torch.Generator().manual_seed(180)
    start = torch.randn(1, 3, 4, 4, generator=generator)
    tensors, cases = {'start': start}, []
    for sampler, make in SCHEDULERS.items():
        for steps, thresholded in RUNS:
            threshold = THRESHOLD if thresholded and sampler != 'heun' else {}
            scheduler = make(timestep_spacing='leading', **threshold)
            scheduler.set_timesteps(steps)
            case = f'{sampler}.{steps}'
            # Heun's scheduler works in x/sqrt(alpha), and visits every level but the first twice.
            heun = sampler == 'heun'
            scale = lambda t: scheduler.alphas_cumprod[int(t)].sqrt() if heun else torch.ones(())
            levels = list(dict.fromkeys(int(t) for t in scheduler.timesteps))
            x, xs, noises = start / scale(levels[0]), [], []
            for i, t in enumerate(scheduler.timesteps):
                seen = x * scale(t)
                more = {}
                if sampler == 'dpmpp_2m_sde':
                    noises.append(torch.randn(x.shape, generator=generator))
                    more = dict(variance_noise=noises[-1])
                x = scheduler.step(estimate(seen, t, scheduler.alphas_cumprod), t, x, **more).prev_sample
                arrived = not heun or i % 2 == 1 or i == len(scheduler.timesteps) - 1
                if arrived:
                    tNext = levels[len(xs) + 1] if len(xs) + 1 < len(levels) else None
                    xs.append(x if tNext is None else x * scale(tNext))
            tensors[f'{case}.x'] = torch.cat(xs)
            if noises:
                tensors[f'{case}.noise'] = torch.cat(noises)
            cases.append(dict(case=case, sampler=sampler, thresholded=bool(threshold), timesteps=levels + [-1]))
    lists = {}
    for name, switch in (('lambda', 'use_lu_lambdas'), ('karras', 'use_karras_sigmas')):
        for steps in (6, 10, 25):
            scheduler = DPMSolverMultistepScheduler(**COSINE, **{switch: True})
            scheduler.set_timesteps(steps)
            lists[f'{name}{steps}'] = [int(t) for t in scheduler.timesteps]
    save_file({key: value.contiguous() for key, value in tensors.items()}, HERE / 'expected.safetensors')
    (HERE / 'cases.json').write_text(json.dumps(dict(cases=cases, timesteps=lists), indent=1) + '\n')
    files = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(HERE.iterdir()) if p.name != 'provenance.json'}
    provenance = dict(command='python test/oracle/samplers.py', seed=180, torch=torch.__version__, diffusers=diffusers.__version__,
                      python=platform.python_version(), sha256=files)
    (HERE / 'provenance.json').write_text(json.dumps(provenance, indent=2) + '\n')


main()
