"""Sheets for the eye: photographs edited from later and later, and what comes from noise.

    python look.py --weights STATE/last.pt --photos PHOTOGRAPHS --out SHEETS [--own FOLDER_OF_PICTURES] [--only edits,photographed,drawn]
"""
import argparse
from pathlib import Path

import torch
from PIL import Image

import checkpoint
import diffusion
import photos
import png
import prepare
from subjects import PHOTOGRAPHED

STARTS = (10, 15, 20, 24, 28)
STRIDED = list(range(990, -1, -30))


def own(folder, side=64):
    """Every photograph of a folder, its middle square."""
    cut = photos.Photographs.whole
    files = [f for f in sorted(Path(folder).glob('*.jpg'))]
    return torch.stack([photos.tensor(cut(Image.open(f).convert('RGB'), side)) for f in files])


def edited(m, clean, i_start, scale=7, prompt=photos.QUALITY, seed=180):
    """SDEdit: noised to where a walk of the page begins its step i_start, then walked down with a prompt."""
    level = diffusion.alpha_bar(torch.tensor([STRIDED[i_start]])).item()
    g = torch.Generator().manual_seed(seed)
    noisy = level ** 0.5 * clean + (1 - level) ** 0.5 * torch.randn(clean.shape, generator=g)
    return diffusion.walk(lambda x, t: m.noise(x, t, [prompt] * len(x), scale), noisy, STRIDED[i_start:], g)


def edits(m, a):
    kept = photos.Photographs(a.photos).apart(a.kept)
    pictures = torch.cat([own(a.own), kept]) if a.own else kept
    clean = pictures.permute(0, 3, 1, 2).float() / 127.5 - 1
    return torch.cat([clean, *(edited(m, clean, i) for i in STARTS)]), len(clean)


def from_noise(prompts, each):
    return lambda m, a: (m.many([p for p in prompts for _ in range(each)], a.guidance, a.steps, 180), 4 * each)


SHEETS = dict(edits=edits, photographed=from_noise(PHOTOGRAPHED.values(), 2), drawn=from_noise(prepare.PROMPTS, 2))

if __name__ == '__main__':
    p = argparse.ArgumentParser()
    p.add_argument('--weights', required=True, help='a last.pt or an exported folder')
    p.add_argument('--photos', required=True)
    p.add_argument('--own', default='', help='a folder of further photographs to edit')
    p.add_argument('--kept', type=int, default=6, help='how many held-out photographs to edit')
    p.add_argument('--out', required=True, type=Path)
    p.add_argument('--only', default=','.join(SHEETS))
    p.add_argument('--steps', type=int, default=20)
    p.add_argument('--guidance', type=float, default=5)
    p.add_argument('--threads', type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    a.out.mkdir(parents=True, exist_ok=True)
    model = checkpoint.Model(a.weights)
    for name in a.only.split(','):
        made, columns = SHEETS[name](model, a)
        png.sheet(a.out / f'{name}.png', png.to_bytes(made), columns, scale=2)
