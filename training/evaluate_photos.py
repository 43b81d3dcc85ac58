"""The parts of evaluate.py that look at photographs kept apart from training."""
import torch
import torch.nn.functional as F

import checkpoint
import diffusion
import look
import photos
import png
import train_up
from judges import IMAGENET, Objects
from subjects import PHOTOGRAPHED

def named(photographs, most=160):
    """At most so many photographs of each subject, [N, 3, 64, 64] uint8, and what they show: for the classifier to learn."""
    rows = [r for name in PHOTOGRAPHED for r in photographs.subjects.get(name, [])[:most]]
    pictures = torch.stack([photos.tensor(photographs.whole(photographs.open(r), photographs.side)) for r in rows])
    return pictures.permute(0, 3, 1, 2), [photos.kind(r) for r in rows]


def clean(photographs, n):
    return photographs.apart(n).permute(0, 3, 1, 2).float() / 127.5 - 1


def gain(m, photographs, judge, a, n=64):
    """One step from noise, "a high quality photo", in dB above the best Gaussian blur."""
    x, out = clean(photographs, n), {}
    for t in (90, 250, 500, 690):
        level = diffusion.alpha_bar(torch.tensor([t]))
        noisy = level.sqrt() * x + (1 - level).sqrt() * torch.randn(x.shape, generator=torch.Generator().manual_seed(t))
        once = (noisy - (1 - level).sqrt() * m.noise(noisy, t, [photos.QUALITY] * n, 1)[0]) / level.sqrt()
        blur, step = diffusion.best_blur(noisy / level.sqrt(), x), diffusion.psnr(once, x)
        out[str(t)] = dict(blur=round(blur, 2), once=round(step, 2), gain=round(step - blur, 2))
        print('photographs, t', t, out[str(t)], flush=True)
    return out


def edits(m, photographs, judge, a, n=10):
    """SDEdit: how near the edit stays, and whether what ImageNet sees first in the photograph is among its five of the edit."""
    x, objects, out = clean(photographs, n), Objects(), {}
    was = [five[0] for five in objects(x)]
    for i_start in look.STARTS:
        edited = look.edited(m, x, i_start)
        same = sum(first in five for first, five in zip(was, objects(edited)))
        out[str(i_start)] = dict(psnr=round(diffusion.psnr(edited, x), 2), same=same / n)
        print('photographs, i_start', i_start, out[str(i_start)], flush=True)
    return out


def prompts(m, photographs, judge, a):
    """From noise: does the classifier name the subject, and is one of ImageNet's classes for it among the five likeliest?"""
    wanted = [name for name in PHOTOGRAPHED for _ in range(a.each)]
    made = m.many([PHOTOGRAPHED[name] for name in wanted], a.guidance, a.steps, 2000)
    said, fives = judge(made), Objects()(made)
    by = {name: sum(s == w for s, w in zip(said, wanted) if w == name) / a.each for name in PHOTOGRAPHED}
    known = [bool(IMAGENET[w] & set(five)) for w, five in zip(wanted, fives) if w in IMAGENET]
    out = dict(classifier=sum(by.values()) / len(by), imagenet=sum(known) / len(known), weak=[name for name, v in by.items() if v < 0.5])
    print('photographic prompts', out, flush=True)
    if a.sheets:
        png.sheet(f'{a.sheets}/photographed.png', png.to_bytes(made), 4 * a.each, scale=2)
    return out


def enlarged(grown, sharp, x):
    """Of a bilinear copy, of what stage II made and of the original x: PSNR in dB, how steep edges are and how far the colour of
    64 x 64 pixels is off, of 255; and of how many pictures stage II is nearer than the copy."""
    edge = lambda v: ((v[:, :, 1:] - v[:, :, :-1]).abs().mean() + (v[:, :, :, 1:] - v[:, :, :, :-1]).abs().mean()).item() * 127.5
    colour = lambda v: (F.avg_pool2d(v, 64) - F.avg_pool2d(x, 64)).abs().mean().item() * 127.5
    out = {name: dict(psnr=round(diffusion.psnr(v, x), 2), edges=round(edge(v), 2), colour=round(colour(v), 2)) for name, v in (('bilinear', grown), ('stage II', sharp), ('original', x))}
    return out | {'nearer than bilinear': f'{(diffusion.each_psnr(sharp, x) > diffusion.each_psnr(grown, x)).sum()} of {len(x)}'}


def upscaling(m, photographs, judge, a):
    """Stage II on photographs of 256 pixels kept apart: nearer to them than a bilinear copy, and as sharp?"""
    large = photos.Photographs(a.photos, 'captions256.tsv', train_up.SIDE, one_in=50)
    x = clean(large, a.upscale)
    net, words, nothing = checkpoint.unet(a.up), m.prompts([photos.QUALITY] * len(x)), m.prompts([''])
    grown, sharp = map(torch.cat, zip(*[diffusion.sharpen(net, F.avg_pool2d(b, 4), words[:len(b)], nothing, seed=k) for k, b in enumerate(x.split(4))]))
    out = enlarged(grown, sharp, x)
    print('photographs, upscaling', out, flush=True)
    if a.sheets:
        png.sheet(f'{a.sheets}/photographs-upscaled.png', png.to_bytes(torch.cat([grown[:4], sharp[:4], x[:4]])), 4)
    return out


PARTS = dict(photo_gain=gain, photo_edits=edits, photo_prompts=prompts, photo_upscaling=upscaling)
