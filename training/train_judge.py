"""Trains the judge of illusions: how readable each subject is in a 64-pixel picture, said as an eye would.

    python training/train_judge.py --data DATA --photos PHOTOS --state judge.pt --minutes 20 --out checkpoints/campanile/judge

DATA holds shards of renders (render.mjs). The judge must not be fooled by texture, so it sees pictures turned, blurred, without colour,
half covered by another one; and what has the colours and strokes of a subject but not its shape (tiles shuffled, upside down) as nothing.
"""
import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from export import relist
from judge_data import SUBJECTS, WORDS, Labelled, Pictures, disguised

WIDTHS = [32, 48, 96, 160]


class Block(nn.Module):
    """[N, a, H, W] to [N, b, H/2, W/2]: two convolutions past which the mean of each 2 x 2 pixels goes."""

    def __init__(self, a, b):
        super().__init__()
        self.one, self.two, self.past = nn.Conv2d(a, b, 3, 2, 1, bias=False), nn.Conv2d(b, b, 3, 1, 1, bias=False), nn.Conv2d(a, b, 1, bias=False)
        self.one_norm, self.two_norm, self.past_norm = nn.BatchNorm2d(b), nn.BatchNorm2d(b), nn.BatchNorm2d(b)

    def forward(self, x):
        y = self.two_norm(self.two(F.relu(self.one_norm(self.one(x)))))
        return F.relu(y + self.past_norm(self.past(F.avg_pool2d(x, 2))))


class Judge(nn.Module):
    """Pictures [N, 3, 64, 64] in [-1, 1] to a logit for each subject [N, S]."""

    def __init__(self):
        super().__init__()
        self.stem, self.stem_norm = nn.Conv2d(3, WIDTHS[0], 5, 2, 2, bias=False), nn.BatchNorm2d(WIDTHS[0])
        self.blocks = nn.ModuleList(Block(a, b) for a, b in zip(WIDTHS, WIDTHS[1:]))
        self.head = nn.Linear(2 * WIDTHS[-1], len(SUBJECTS))

    def forward(self, x):
        x = F.relu(self.stem_norm(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.head(torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1))


def folded(net):
    """The weights without norms: each is a part of the convolution before it."""
    state, found = net.state_dict(), {}
    for name in [n for n in state if n.endswith('norm.weight')]:
        norm, conv = name.removesuffix('.weight'), name.removesuffix('_norm.weight')
        scale = state[f'{norm}.weight'] / (state[f'{norm}.running_var'] + 1e-5).sqrt()
        found[f'{conv}.weight'] = state[f'{conv}.weight'] * scale.view(-1, 1, 1, 1)
        found[f'{conv}.bias'] = state[f'{norm}.bias'] - state[f'{norm}.running_mean'] * scale
    return {**found, 'head.weight': state['head.weight'], 'head.bias': state['head.bias']}


def export(net, out):
    from safetensors.torch import save_file
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    save_file({k: v.half().contiguous() for k, v in folded(net).items()}, out / 'model.safetensors')
    config = {'kind': 'judge', 'sampleSize': 64, 'widths': WIDTHS, 'subjects': [{'name': name, 'words': WORDS[name]} for name in SUBJECTS]}
    (out / 'config.json').write_text(json.dumps(config, indent=2) + '\n')
    if (out.parent / 'provenance.json').exists():
        relist(out.parent, out.name)


def accuracy(net, x, labels):
    net.eval()
    with torch.no_grad():
        guess = torch.cat([net(b.float() / 127.5 - 1) for b in x.split(128)])
    net.train()
    right = guess.argmax(1) == labels
    sure = guess.gather(1, labels[:, None]).sigmoid().mean()
    return right.float().mean().item(), sure.item()


def main():
    parser = argparse.ArgumentParser()
    for name in ('data', 'photos', 'state', 'out', 'samples', 'labelled'):
        parser.add_argument(f'--{name}')
    parser.add_argument('--minutes', type=float, default=20, help='of one core')
    parser.add_argument('--batch', type=int, default=96)
    parser.add_argument('--init')
    parser.add_argument('--rate', type=float, default=3e-3)
    args = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    pictures = Pictures(args.data, args.photos, args.samples)
    labelled = Labelled(args.labelled) if args.labelled else None
    net = Judge().to(memory_format=torch.channels_last)
    if args.init:
        net.load_state_dict(torch.load(args.init)['ema'])
    ema = Judge()
    ema.load_state_dict(net.state_dict())
    groups = [{'params': [p for p in net.parameters() if p.ndim > 1], 'weight_decay': 0.05}, {'params': [p for p in net.parameters() if p.ndim == 1], 'weight_decay': 0}]
    optimiser = torch.optim.AdamW(groups, lr=args.rate)
    start, said, step, losses = time.process_time(), 0, 0, []
    while (done := (time.process_time() - start) / 60 / args.minutes) < 1:
        for group in optimiser.param_groups:
            group['lr'] = args.rate * min(1, (step + 1) / 200) * max(0.01, 0.5 + 0.5 * math.cos(math.pi * done))
        x, wanted, counts = disguised(*pictures.draw(args.batch))
        if labelled:
            x, wanted, counts = (torch.cat(both) for both in zip((x, wanted, counts), labelled.draw(args.batch // 8)))
        logits = net(x.contiguous(memory_format=torch.channels_last))
        each = F.binary_cross_entropy_with_logits(logits, wanted, reduction='none') * counts
        # A picture has one or two subjects and lacks fifty.
        loss = (each * torch.where(wanted > 0, 4.0, 1.0)).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        losses.append(loss.item())
        step += 1
        with torch.no_grad():
            keep = min(0.998, step / (step + 20))
            for a, b in zip(ema.state_dict().values(), net.state_dict().values()):
                a.lerp_(b, 1 - keep) if a.is_floating_point() else a.copy_(b)
        if time.time() - said > 90:
            said = time.time()
            kept = ' '.join(f'{name} {a:.3f} (p {s:.2f})' for name, (a, s) in ((n, accuracy(ema, *v)) for n, v in pictures.kept.items()))
            print(f'{done:.2f} step {step} loss {np.mean(losses[-200:]):.3f} {kept}', flush=True)
            if args.state:
                torch.save({'ema': ema.state_dict()}, args.state)
    if args.state:
        torch.save({'ema': ema.state_dict()}, args.state)
    if args.out:
        export(ema.eval(), args.out)


if __name__ == '__main__':
    main()
