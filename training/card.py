"""The model card's pictures: the page's prompts with four seeds each, and the training curve.

    python card.py --checkpoint ../checkpoints/campanile [--up ../checkpoints/campanile-ii] --curve STATE/curve.jsonl
"""
import argparse
import json
from pathlib import Path

import torch
from PIL import Image, ImageDraw

import checkpoint
import diffusion
import png
import prepare


def labelled(path, pictures, labels, columns, width):
    """Rows of pictures, each row with its prompt above."""
    n, h, w, _ = pictures.shape
    rows = n // columns
    sheet = Image.new('RGB', (columns * (w + 2), rows * (h + 14)), 'white')
    pen = ImageDraw.Draw(sheet)
    for i in range(n):
        x, y = i % columns * (w + 2), i // columns * (h + 14)
        sheet.paste(Image.fromarray(pictures[i].numpy()), (x, y + 12))
        if labels[i]:
            pen.text((x + 1, y), labels[i][:width], fill='black')
    sheet.save(path, optimize=True)


def curve(path, rows):
    w, h, left = 640, 300, 44
    image = Image.new('RGB', (w, h), 'white')
    pen = ImageDraw.Draw(image)
    last = max(r['minutes'] for r in rows)
    low, high = min(r['loss'] for r in rows) * 0.95, sorted(r['loss'] for r in rows)[-2] * 1.05
    x = lambda m: left + m / last * (w - left - 10)
    y = lambda v: h - 24 - (min(v, high) - low) / (high - low) * (h - 44)
    for size, colour in ((32, '#b05a2a'), (64, '#2a5ab0'), (128, '#2a8a4a')):
        points = [(x(r['minutes']), y(r['loss'])) for r in rows if r['size'] == size]
        if len(points) > 1:
            pen.line(points, fill=colour, width=2)
            pen.text((points[len(points) // 2][0], 4), f'{size} px', fill=colour)
    for k in range(5):
        v = low + (high - low) * k / 4
        pen.text((2, y(v) - 5), f'{v:.4f}', fill='black')
        pen.text((x(last * k / 4) - 8, h - 14), f'{last * k / 4:.0f} min', fill='black')
    pen.text((left, 16), 'held-out noise error, min-SNR weighted', fill='black')
    image.save(path, optimize=True)


if __name__ == '__main__':
    p = argparse.ArgumentParser()
    p.add_argument('--checkpoint', required=True)
    p.add_argument('--up')
    p.add_argument('--curve')
    p.add_argument('--seeds', type=int, default=4)
    p.add_argument('--steps', type=int, default=40)
    p.add_argument('--guidance', type=float, default=7)
    p.add_argument('--threads', type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    out = Path(a.checkpoint)
    m = checkpoint.Model(out)
    words = [w for w in prepare.PROMPTS for _ in range(a.seeds)]
    made = m.many(words, a.guidance, a.steps, 180)
    big = png.to_bytes(made).repeat_interleave(2, 1).repeat_interleave(2, 2)
    columns = a.seeds * 2
    labelled(out / 'sheet.png', big, [w if i % a.seeds == 0 else '' for i, w in enumerate(words)], columns, 44)
    if a.curve:
        curve(out / 'curve.png', [json.loads(line) for line in open(a.curve)])
    if a.up:
        k = [i * a.seeds for i in (0, 1, 2, 4, 5, 7)]
        grown, sharp = diffusion.sharpen(checkpoint.unet(a.up), made[k], m.prompts([words[i] for i in k]), m.prompts(['']))
        pictures = torch.stack([grown, sharp], 1).flatten(0, 1)
        labelled(Path(a.up) / 'sheet.png', png.to_bytes(pictures), [w for i in k for w in (words[i] + ', grown', 'stage II')], 4, 44)
