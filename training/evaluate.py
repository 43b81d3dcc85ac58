"""What the checkpoint can do. Prints and writes evaluation.json.

    python evaluate.py --checkpoint ../checkpoints/campanile --data HELD_OUT_RENDERS [--only accuracy,psnr,...]

A small classifier is trained on held-out renders, and with --photos on photographs too, and asked what it sees in samples;
of photographs a network trained on ImageNet is asked as well (judges.py). Steps are few and seeds are few where a CPU must
do it; --each and --seeds raise them.
"""
import argparse
import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import checkpoint
import diffusion
import evaluate_photos
import png
import prepare
import tokenizer
import train
import train_up
from judges import Classifier, says, train_classifier
from photos import Photographs
from subjects import DRAWN as PROMPTS, PAGE

# A man in a hat is a man, a barista with a beard is one too: what may stand for what.
ALSO = {'man': {'man', 'manhat', 'barista', 'oldman'}, 'manhat': {'manhat'}, 'oldman': {'oldman'}, 'barista': {'barista'}}
ANAGRAMS = [('oldman', 'campfire'), ('village', 'campfire'), ('skull', 'campfire'), ('oldman', 'village'), ('dog', 'skull'), ('volcano', 'waterfall'), ('woman', 'volcano'), ('forest', 'campfire'), ('manhat', 'teacup'), ('volcano', 'balloon'), ('rocket', 'volcano'), ('sailboat', 'bridge'), ('piano', 'castle')]
HYBRIDS = [('skull', 'waterfall'), ('amalfi', 'campfire'), ('village', 'dog'), ('skull', 'forest'), ('oldman', 'forest'), ('skull', 'village'), ('dog', 'forest'), ('woman', 'city'), ('skull', 'autumn'), ('owl', 'amalfi')]


def pictures(folder):
    """All held-out pictures with subject, medium and caption; pictures of two subjects apart."""
    shards = train.Shards(folder, held_out=True)
    rows = [json.loads(line) for f in sorted(Path(folder).glob('val*.jsonl')) for line in f.open()]
    x, _, _ = shards.take(torch.arange(shards.total))
    keep = torch.tensor([not r.get('p') for r in rows[:shards.total]])
    return x[keep].permute(0, 3, 1, 2), [r for r, k in zip(rows, keep) if k]


def is_right(want, got):
    return got in ALSO.get(want, {want})


def accuracy(m, classifier, names, a):
    out = {}
    for scale in (1, 3, 5, 7):
        want = [s for s in PROMPTS for _ in range(a.each)]
        got = says(classifier, m.many([PROMPTS[s] for s in want], scale, a.steps, 1000), names)
        right = [is_right(w, g) for w, g in zip(want, got)]
        per = {s: sum(r for w, r in zip(want, right) if w == s) / a.each for s in PROMPTS}
        out[str(scale)] = dict(all=sum(right) / len(right), page=sum(per[s] for s in PAGE) / len(PAGE), weak={s: v for s, v in per.items() if v < 0.75})
        print('guidance', scale, out[str(scale)], flush=True)
    return out


def statistics(classifier, x):
    """Mean and covariance of the classifier's features, of pictures [N, 3, 64, 64] in [-1, 1]."""
    with torch.no_grad():
        f = torch.cat([classifier.features(b) for b in x.split(64)]).double()
    return f.mean(0), torch.cov(f.T)


def distance(ma, ca, mb, cb):
    """Fréchet's, of two normal distributions."""
    values = torch.linalg.eigvals(ca @ cb).real.clamp(min=0).sqrt().sum()
    return ((ma - mb) ** 2).sum().item() + (torch.trace(ca) + torch.trace(cb) - 2 * values).item()


def frechet(m, classifier, x, rows, a, scale=3):
    k = torch.randperm(len(x), generator=torch.Generator().manual_seed(3))
    some = k[:a.frechet]
    samples = m.many([rows[i]['c'] for i in some.tolist()], scale, a.steps, 5000)
    real = lambda idx: statistics(classifier, x[idx].float() / 127.5 - 1)
    other = real(k[a.frechet:2 * a.frechet])
    return dict(guidance=scale, pictures=a.frechet, samples=distance(*other, *statistics(classifier, samples)), renders=distance(*other, *real(some)))


def made(classifier, x, subjects, names, a):
    """Pictures that bench/samplers.mjs drew: named right, named as the ten steps of the default are, and how far from renders."""
    folder, want = Path(a.made), json.loads((Path(a.made) / 'names.json').read_text())
    load = lambda f: torch.from_numpy(np.load(f)).float() / 127.5 - 1
    wanted = set(want)
    some = [i for i, subject in enumerate(subjects) if subject in wanted]
    real = statistics(classifier, x[some].float() / 127.5 - 1)
    ten = folder / 'dpmpp_2m-10.npy'
    usual = says(classifier, load(ten), names) if ten.exists() else []
    out = {}
    for f in sorted(folder.glob('*.npy')):
        y = load(f)
        got = says(classifier, y, names)
        missed = [f'{w}: {g}' for w, g in zip(want, got) if not is_right(w, g)]
        alike = {'as_usual': round(sum(u == g for u, g in zip(usual, got)) / len(want), 3)} if usual else {}
        out[f.stem] = dict(named=round(1 - len(missed) / len(want), 3), missed=missed, **alike, frechet=round(distance(*real, *statistics(classifier, y)), 2))
        print(f.stem, out[f.stem], flush=True)
    return out


def denoising(m, x, rows, a):
    """The document's case: a photo, the prompt 'a high quality photo'; blur gets its best sigma on these very pictures."""
    chosen = [i for i, r in enumerate(rows) if r['m'] == 'photo'][:a.denoise]
    clean = x[chosen].float() / 127.5 - 1
    plain, own = ['a high quality photo'] * len(chosen), [rows[i]['c'] for i in chosen]
    out = {}
    for t in (90, 250, 500, 690, 750, 900):
        level = diffusion.alpha_bar(torch.tensor([t])).item()
        g = torch.Generator().manual_seed(t)
        noisy = math.sqrt(level) * clean + math.sqrt(1 - level) * torch.randn(clean.shape, generator=g)
        best = max(diffusion.psnr(diffusion.blurred(noisy, s) * k, clean) for s in (0.5, 0.8, 1.2, 1.7, 2.4, 3.4, 4.8, 7) for k in (1, 1 / math.sqrt(level)))
        once = lambda words: (noisy - math.sqrt(1 - level) * m.noise(noisy, t, words, 1)[0]) / math.sqrt(level)
        row = dict(blur=best, once=diffusion.psnr(once(plain), clean), once_captioned=diffusion.psnr(once(own), clean))
        if t in (500, 690):
            # Differs from the one-step mean by theory: a draw from the posterior errs twice as much (3 dB).
            for name, ddim in (('walked', False), ('walked_ddim', True)):
                g = torch.Generator().manual_seed(1)
                walked = diffusion.walk(lambda v, s: m.noise(v, s, plain, 1), noisy, list(range(t, 0, -30)) + [0], g, ddim=ddim)
                row[name] = diffusion.psnr(walked, clean)
        out[str(t)] = {k: round(v, 2) for k, v in row.items()}
        print('t', t, out[str(t)], flush=True)
    return out


def sdedit(m, classifier, x, rows, names, a, scale=7):
    """The page's row: 'a high quality photo' from noised pictures; early starts invent, late ones keep."""
    chosen = [i for i, r in enumerate(rows) if r['m'] == 'photo'][:a.denoise]
    clean = x[chosen].float() / 127.5 - 1
    was = says(classifier, clean, names)
    strided = list(range(990, -1, -30))
    out = {}
    for i_start in (1, 3, 5, 7, 10, 20):
        level = diffusion.alpha_bar(torch.tensor([strided[i_start]])).item()
        g = torch.Generator().manual_seed(i_start)
        noisy = math.sqrt(level) * clean + math.sqrt(1 - level) * torch.randn(clean.shape, generator=g)
        edited = diffusion.walk(lambda v, s: m.noise(v, s, ['a high quality photo'] * len(v), scale), noisy, strided[i_start:], g)
        now = says(classifier, edited, names)
        out[str(i_start)] = dict(psnr=round(diffusion.psnr(edited, clean), 2), same=sum(p == q for p, q in zip(was, now)) / len(was))
        print('i_start', i_start, out[str(i_start)], flush=True)
    return out


def upscaling(m, a):
    """Stage II from renders shrunk to 64: nearer to the 256-pixel original than a bilinear copy, as sharp, and of its colours?"""
    shards = train.Shards(a.large, held_out=True, side=train_up.SIDE)
    rows = [json.loads(line) for f in sorted(Path(a.large).glob('val*.jsonl')) for line in f.open()]
    n = min(a.upscale, shards.total)
    x = shards.take(torch.arange(n))[0].permute(0, 3, 1, 2).float() / 127.5 - 1
    net, words = checkpoint.unet(a.up), m.prompts([r['c'] for r in rows[:n]])
    grown, sharp = map(torch.cat, zip(*[diffusion.sharpen(net, F.avg_pool2d(b, 4), c, m.prompts(['']), seed=k) for k, (b, c) in enumerate(zip(x.split(4), words.split(4)))]))
    out = evaluate_photos.enlarged(grown, sharp, x)
    print('upscaling', out, flush=True)
    if a.sheets:
        png.sheet(Path(a.sheets) / 'upscaling.png', png.to_bytes(torch.cat([grown[:4], sharp[:4], x[:4], grown[4:8], sharp[4:8], x[4:8]])), 4)
    return out


def evidence(m, seen, prompt):
    """S of each picture as seen: how much easier the prompt makes it to find noise in it than no prompt does (diffusion/verdict.ts)."""
    gains = []
    for t in (200, 350, 500, 650):
        level = diffusion.alpha_bar(torch.tensor([t]))
        noise = torch.randn(seen.shape, generator=torch.Generator().manual_seed(t))
        error = lambda words: ((m.noise(level.sqrt() * seen + (1 - level).sqrt() * noise, t, [words] * len(seen), 1)[0] - noise) ** 2).mean((1, 2, 3))
        gains.append(1 - error(prompt) / error(''))
    return torch.stack(gains).mean(0)


def pair_scores(m, classifier, names, pairs, a, make, views):
    """For every pair: share of seeds in which the first, the second, and both views are named right, and in which the model's
    own evidence for the weaker one is above zero."""
    out = {}
    for first, second in pairs:
        g = torch.Generator().manual_seed(42)
        x = torch.randn(a.seeds, 3, 64, 64, generator=g)
        y = diffusion.walk(make(m, first, second, a), x, diffusion.timesteps(a.steps), g)
        seen = views(y)
        one, two = (says(classifier, v, names) for v in seen)
        right = [(is_right(first, p), is_right(second, q)) for p, q in zip(one, two)]
        n = len(right)
        weaker = torch.minimum(*(evidence(m, v, PROMPTS[s]) for v, s in zip(seen, (first, second))))
        out[f'{first} + {second}'] = dict(first=sum(p for p, _ in right) / n, second=sum(q for _, q in right) / n, both=sum(p and q for p, q in right) / n, evidence=(weaker > 0).float().mean().item())
        print(first, second, out[f'{first} + {second}'], flush=True)
        if a.sheets:
            shown = y[:8] if make is hybrid else torch.cat([y[:8], y[:8].flip(2)])
            png.sheet(Path(a.sheets) / f'{make.__name__}-{first}-{second}.png', png.to_bytes(shown), 8, scale=2)
    out['all'] = {k: sum(v[k] for v in out.values()) / len(pairs) for k in ('both', 'evidence')}
    print('all', out['all'], flush=True)
    return out


def anagram(m, first, second, a):
    def estimate(x, t):
        n = len(x)
        e1, v1 = m.noise(x, t, [PROMPTS[first]] * n, a.guidance)
        e2, v2 = m.noise(x.flip(2), t, [PROMPTS[second]] * n, a.guidance)
        return (e1 + e2.flip(2)) / 2, (v1 + v2.flip(2)) / 2
    return estimate


def hybrid(m, far, near, a):
    def estimate(x, t):
        n = len(x)
        e1, v1 = m.noise(x, t, [PROMPTS[far]] * n, a.guidance)
        e2, v2 = m.noise(x, t, [PROMPTS[near]] * n, a.guidance)
        return diffusion.blurred(e1, a.sigma) + e2 - diffusion.blurred(e2, a.sigma), (v1 + v2) / 2
    return estimate


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--checkpoint', required=True)
    p.add_argument('--data', required=True, help='folder of held-out renders (val*.bin)')
    p.add_argument('--out', default='evaluation.json')
    p.add_argument('--only', default='accuracy,frechet,denoising,sdedit,upscaling,photo_gain,photo_edits,photo_prompts,photo_upscaling,anagrams,hybrids')
    p.add_argument('--photos', default='', help='folder of photographs (photos.py); without it the four photo_ parts are left out')
    p.add_argument('--classifier', default='', help='keep the classifier here')
    p.add_argument('--classifier_seconds', type=float, default=240, help='of processor time')
    p.add_argument('--steps', type=int, default=20)
    p.add_argument('--each', type=int, default=2)
    p.add_argument('--seeds', type=int, default=20)
    p.add_argument('--frechet', type=int, default=256)
    p.add_argument('--denoise', type=int, default=48)
    p.add_argument('--guidance', type=float, default=7)
    p.add_argument('--sigma', type=float, default=2)
    p.add_argument('--up', default='', help='folder of stage II')
    p.add_argument('--large', default='', help='folder of held-out renders of 256 pixels')
    p.add_argument('--upscale', type=int, default=16)
    p.add_argument('--made', default='', help='what bench/samplers.mjs drew, for --only made')
    p.add_argument('--pairs', default='', help='first+second,… instead of the usual pairs')
    p.add_argument('--sheets', default='')
    p.add_argument('--threads', type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    if a.sheets:
        Path(a.sheets).mkdir(parents=True, exist_ok=True)
    prepare.tokens(Path(a.data), tokenizer.encoder())
    x, rows = pictures(a.data)
    photographs = Photographs(a.photos) if a.photos else None
    called = [r['s'] for r in rows]
    everything = x
    if photographs:
        seen, kinds = evaluate_photos.named(photographs)
        everything, called = torch.cat([x, seen]), called + kinds
    names = sorted(set(called))
    labels = torch.tensor([names.index(name) for name in called])
    mixed = torch.randperm(len(labels), generator=torch.Generator().manual_seed(11))
    kept = Path(a.classifier) if a.classifier else None
    if kept and kept.exists():
        classifier = Classifier(len(names))
        s = torch.load(kept, weights_only=True)
        classifier.load_state_dict(s['net'])
        classifier.eval()
        sure = s['accuracy']
    else:
        classifier, sure = train_classifier(everything[mixed], labels[mixed], len(names), a.classifier_seconds)
        if kept:
            torch.save(dict(net=classifier.state_dict(), accuracy=sure), kept)
    print(f'classifier: {sure:.3f} of {len(names)} subjects on pictures it has not seen', flush=True)
    m = checkpoint.Model(a.checkpoint)
    pairs = [tuple(q.split('+')) for q in a.pairs.split(',')] if a.pairs else None
    flipped = lambda y: (y, y.flip(2))
    far_near = lambda y: (diffusion.blurred(y, a.sigma), y)
    parts = dict(
        made=lambda: made(classifier, x, [r['s'] for r in rows], names, a),
        accuracy=lambda: accuracy(m, classifier, names, a),
        frechet=lambda: frechet(m, classifier, x, rows, a),
        denoising=lambda: denoising(m, x, rows, a),
        sdedit=lambda: sdedit(m, classifier, x, rows, names, a),
        upscaling=lambda: upscaling(m, a),
        anagrams=lambda: pair_scores(m, classifier, names, pairs or ANAGRAMS, a, anagram, flipped),
        hybrids=lambda: pair_scores(m, classifier, names, pairs or HYBRIDS, a, hybrid, far_near))
    if photographs:
        judge = lambda y: says(classifier, y, names)
        parts |= {name: lambda part=part: part(m, photographs, judge, a) for name, part in evaluate_photos.PARTS.items()}
    out = Path(a.out)
    result = json.loads(out.read_text()) if out.exists() else {}
    result['classifier'] = sure
    for name in a.only.split(','):
        if name not in parts and name in evaluate_photos.PARTS:
            continue
        result[name] = parts[name]()
        out.write_text(json.dumps(result, indent=2) + '\n')


if __name__ == '__main__':
    main()
