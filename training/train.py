"""Stage I: text encoder and 64 x 64 network together, small pictures first. See README.md.

    python train.py --data DATA --state STATE --minutes 60

Run the same line again after any kill: it goes on from STATE/last.pt. The schedule follows the clock
that ran while training, so a slow machine sees fewer pictures, never an unfinished decay.
"""
import argparse
import copy
import json
import os
import time
from pathlib import Path

import torch
import torch.distributed as processes
import torch.nn.functional as F

import checkpoint
import diffusion
import machine
import models
import png
from muon import Muon
from photos import Photographs

LENGTH = 77


def together():
    """How many processes train one network, begun by torchrun; 1 without it."""
    return processes.get_world_size() if processes.is_initialized() else 1


def rank():
    return processes.get_rank() if together() > 1 else 0


def mean(x):
    """Of all processes; x itself where there is one."""
    if together() == 1:
        return x
    processes.all_reduce(x)
    return x / together()


class Shards:
    """All pictures and tokens of a folder, memory-mapped; shards named val* are held out."""

    def __init__(self, folder, held_out=False, side=64, device='cpu'):
        self.folder, self.held_out, self.side, self.device = Path(folder), held_out, side, torch.device(device)
        self.names, self.parts, self.total = set(), [], 0
        self.look()
        assert self.total, f'no shards in {folder}: render some (render.mjs) and give them tokens (prepare.py)'

    def look(self):
        """Takes in what has appeared since the last look."""
        for pho in sorted(self.folder.glob('*.pho')):
            if pho.stem in self.names or pho.stem.startswith('val') != self.held_out:
                continue
            self.names.add(pho.stem)
            n, size = pho.stat().st_size, self.side
            load = lambda suffix, count, dtype: torch.from_file(str(pho.with_suffix(suffix)), size=count, dtype=dtype)
            self.add(load('.bin', n * size * size * 3, torch.uint8).view(n, size, size, 3), load('.tok', n * LENGTH, torch.int16).view(n, LENGTH), load('.pho', n, torch.uint8))

    def add(self, *part):
        self.parts.append(part)
        self.total += len(part[0])
        self.ends = torch.tensor([len(p[0]) for p in self.parts]).cumsum(0)

    def take(self, rows):
        part = torch.searchsorted(self.ends, rows, right=True)
        found = [[column[rows[part == p] - (int(self.ends[p - 1]) if p else 0)] for column in self.parts[p]] for p in part.unique().tolist()]
        return [torch.cat(columns) for columns in zip(*found)]

    def draw(self, n):
        """n pictures, tokens and photo flags at random, on the device of the shards."""
        return self.take(torch.randint(0, self.total, (n,)).sort().values)


class ShardsOnCard(Shards):
    """The same in the card's own memory: fetching pictures would be the slowest part. `most` bytes of pictures, then it is full."""

    def __init__(self, folder, held_out=False, side=64, device='cuda', most=20e9):
        room = int((1e9 if held_out else most) / (side * side * 3))
        self.columns = [torch.empty(shape, dtype=dtype, device=device) for shape, dtype in (((room, side, side, 3), torch.uint8), ((room, LENGTH), torch.int16), ((room,), torch.uint8))]
        super().__init__(folder, held_out, side, device)

    def add(self, *part):
        n = min(len(part[0]), len(self.columns[0]) - self.total)
        for column, new in zip(self.columns, part):
            column[self.total:self.total + n].copy_(new[:n])
        self.total += n

    def take(self, rows):
        return [column[rows.to(self.device)] for column in self.columns]

    def draw(self, n):
        return self.take(torch.randint(0, self.total, (n,), device=self.device))


VISIBLE = 800  # below it a photograph is still to be seen in its noise
HIDDEN = 450  # above it what a photograph shows is no longer plain
LAYOUT = 600  # above it noise hides so much that the layout is decided by the words


def spread(n, below=1000):
    """n timesteps, evenly spread, in no order of the pictures they go to."""
    return ((torch.rand(()) + torch.arange(n) / max(1, n)) % 1 * below).long()


def timesteps(n, extra=0.0, among=(400, 900)):
    """Spread evenly over the schedule, with a part more where the layout of a picture is decided."""
    k = round(n * extra)
    even = ((torch.rand(()) + torch.arange(n - k) / max(1, n - k)) % 1) * 1000
    return torch.cat([even, among[0] + (among[1] - among[0]) * torch.rand(k)]).long().clamp(max=999)[torch.randperm(n)]


class Trainer:
    def __init__(self, a):
        self.a = a
        self.device = torch.device(a.device)
        torch.manual_seed(a.seed)  # the same weights in every process
        unet, text = models.UNet(models.STAGE_I), models.TextEncoder()
        models.initialise(unet, text)
        self.make(torch.nn.ModuleDict(dict(unet=unet.to(memory_format=torch.channels_last), text=text)), 64)

    def make(self, net, side):
        """Averages, optimisers, data and state around a network."""
        a = self.a
        if a.init:
            self.warm(net, a.init)
        self.net = net.to(self.device)
        self.ema = copy.deepcopy(self.net).requires_grad_(False)
        hidden = ('conv_in', 'conv_out', 'time_emb', 'time_embedding', 'add_embedding', 'encoder_hid_proj')
        matrices, rest, words = [], [], []
        for name, p in self.net.named_parameters():
            text = name.startswith('text')
            (words if text else matrices if p.dim() >= 2 and not any(h in name for h in hidden) else rest).append(p)
        groups = [dict(params=p, lr=lr) for p, lr in ((rest, a.adam), (words, a.words or a.adam)) if p]
        self.optimisers = [torch.optim.AdamW(groups, betas=(0.9, 0.99), weight_decay=0.0), Muon(matrices, lr=a.muon)]
        self.rates = [(g, g['lr']) for o in self.optimisers for g in o.param_groups]
        shards = Shards if self.device.type == 'cpu' else ShardsOnCard
        self.data, self.held = (shards(a.data, held_out, side, a.device) for held_out in (False, True))
        ids = torch.from_file(str(Path(a.data) / 'prompts.ids'), size=os.path.getsize(Path(a.data) / 'prompts.ids') // 2, dtype=torch.int16).view(-1, LENGTH).clone()
        self.empty, self.plain, self.prompts = ids[0].to(self.device), ids[1].to(self.device), ids[2:].to(self.device)
        self.photographs = self.album(a.photos) if a.photos else None
        self.step, self.since, self.seconds, self.seen = 0, 0, 0.0, {32: 0, 64: 0, 128: 0}
        self.last = Path(a.state) / 'last.pt'
        if self.last.exists():
            self.resume()
        torch.manual_seed(a.seed + self.step + 7919 * rank())  # and other pictures
        if a.settled_text:
            self.settle()
        if a.compile:
            torch._dynamo.config.suppress_errors = True
            self.net['unet'].compile(dynamic=False)

    def album(self, folder):
        return Photographs(folder)

    def warm(self, net, path):
        s = checkpoint.weights(path)
        for name, network in net.items():
            network.load_state_dict(checkpoint.part(s, name) if name != 'text' else checkpoint.more_words(checkpoint.part(s, name), network.config['vocab_size']))

    def settle(self):
        """Stage II reads stage I's text encoder: once it has begun, that one must not move."""
        for part in ('net', 'ema'):
            getattr(self, part)['text'].requires_grad_(False)
        self.net['text'].load_state_dict(self.ema['text'].state_dict())

    def resume(self):
        s = torch.load(self.last, map_location='cpu', weights_only=True)
        self.net.load_state_dict(s['net'])
        self.ema.load_state_dict(s['ema'])
        for o, k in zip(self.optimisers, s['optimisers']):
            o.load_state_dict(k)
        self.rates = [(g, rate) for g, (_, rate) in zip([g for o in self.optimisers for g in o.param_groups], self.rates)]
        self.step, self.seconds, self.seen = s['step'], s['seconds'], self.seen | s['seen']
        self.since = s.get('since', self.step)
        if 'since' not in s:
            self.ema.load_state_dict(s['net'])
        print(f'goes on at step {self.step}, {self.seconds / 60:.1f} min', flush=True)

    def save(self):
        part = self.last.with_suffix('.part')
        torch.save(dict(net=self.net.state_dict(), ema=self.ema.state_dict(), optimisers=[o.state_dict() for o in self.optimisers], step=self.step, since=self.since, seconds=self.seconds, seen=self.seen, hardware=machine.name(self.a.threads * together(), self.device)), part)
        os.replace(part, self.last)

    def parts(self, folder, most=15 << 20):
        """The averaged weights in fp16, in files small enough to hand back."""
        chunks, room = [{}], most
        for name, v in self.ema.state_dict().items():
            v = v.half().cpu().contiguous()
            if v.numel() * 2 > room:
                chunks.append({})
                room = most
            chunks[-1][name] = v
            room -= v.numel() * 2 + 1024
        for i, chunk in enumerate(chunks):
            torch.save(dict(ema=chunk, step=self.step, seconds=self.seconds, seen=self.seen, hardware=machine.name(self.a.threads * together(), self.device)), Path(folder) / f'ema-{i}.pt')

    def measure(self):
        """Pictures a second by batch, in the first half minute; the largest batch that still pays is taken."""
        before, speeds = (self.a.batch32, self.a.batch64), {}
        for n in (64, 128, 256, 512, 1024):
            self.a.batch32 = self.a.batch64 = n
            for k in range(4):
                if k == 1:
                    torch.cuda.synchronize()
                    began = time.time()
                self.loss().backward()
                self.net.zero_grad(set_to_none=True)
            torch.cuda.synchronize()
            speeds[n] = 3 * n / (time.time() - began)
            if n > 64 and speeds[n] < 1.15 * speeds[n // 2]:
                break
        self.a.batch32 = max(before[0], max(speeds, key=speeds.get))
        self.a.batch64 = max(before[1], self.a.batch32 // 2)
        print('pictures a second by batch', {n: round(v) for n, v in speeds.items()}, 'taken', self.a.batch32, self.a.batch64, flush=True)

    @property
    def size(self):
        return 32 if self.seconds < self.a.small * self.a.minutes * 60 else 64

    def batch(self, n):
        pictures, ids, photo = self.data.draw(n)
        chance = torch.rand(n, device=ids.device)
        # Beside photographs these words must go on meaning a drawing in their look as well: else guidance with them leaves
        # every drawing that is edited, and what it fills a hole with is a blotch.
        ids = torch.where(((photo == 1) & (chance > (0.5 if self.photographs else 0.9)))[:, None], self.plain, ids)
        ids = torch.where((chance < 0.1)[:, None], self.empty, ids)
        return self.ready(pictures, ids)

    def photograph_batch(self, n):
        """Mostly without what is in it: an edit of somebody's own photograph knows no more than that it is one. The more the noise
        hides of it, the more often without a word at all, and where it hides all never "a high quality photo": else these words,
        and more so guidance with them, make of pure noise the mean of all photographs, a blotch."""
        pictures, ids = self.photographs.draw(n)
        t = torch.cat([spread(n - n // 2), spread(n // 2, VISIBLE)])
        chance = torch.rand(n)
        none, words = torch.where(t < LAYOUT, 0.2, 0.55), torch.where(t < LAYOUT, 0.55, 0.7)
        ids = torch.where(((chance > words) & (t < VISIBLE))[:, None], self.plain.cpu(), ids)
        ids = torch.where((chance < none)[:, None], self.empty.cpu(), ids)
        return *self.ready(pictures, ids), t

    def subject_batch(self, n):
        """Of each photographed subject as many, with its name, where noise hides so much that the name decides what is drawn."""
        pictures, ids = self.photographs.draw_named(n)
        ids = torch.where((torch.rand(n) < 0.08)[:, None], self.empty.cpu(), ids)
        return *self.ready(pictures, ids), HIDDEN + spread(n, 1000 - HIDDEN)

    def ready(self, pictures, ids):
        x = pictures.to(self.device).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)
        return (F.avg_pool2d(x, 2) if self.size == 32 else x), ids.to(self.device).long()

    def error(self, net, x, ids, t, noise, stride=None):
        shift = 64 // x.shape[-1]
        a = diffusion.alpha_bar(t, shift)
        xt = a.sqrt() * x + (1 - a).sqrt() * noise
        with machine.half(self.device):
            text = net['text'](ids, (ids != 0).long())
            out = net['unet'](xt.contiguous(memory_format=torch.channels_last), t, text)
        eps, v = out.float().chunk(2, 1)
        mse = ((eps - noise) ** 2).mean((1, 2, 3))
        bound = diffusion.variational_bound(x, xt, t, eps.detach(), v, stride) if shift == 1 else torch.zeros_like(mse)
        return mse, bound

    def rate(self):
        done = self.seconds / (self.a.minutes * 60)
        decay = max(0.02, (1 - done) / (1 - self.a.hold)) if done > self.a.hold else 1.0
        return min(1, (self.step + 1) / 100) * decay

    @property
    def late(self):
        """Once the rates fall, what is left over at low noise is what the eye sees as speckle."""
        return self.seconds > self.a.late * self.a.minutes * 60

    def loss(self):
        n = self.a.batch32 if self.size == 32 else self.a.batch64
        photographs = round(n * self.a.share) if self.photographs else 0
        named = round(photographs * self.a.named) if photographs and self.photographs.subjects else 0
        parts = [(*self.batch(n - photographs), timesteps(n - photographs, extra=0.3, among=(0, 150) if self.late else (400, 900)))]
        parts += [make(k) for make, k in ((self.photograph_batch, photographs - named), (self.subject_batch, named)) if k]
        x, ids, t = (torch.cat(part) for part in zip(*parts))
        t = t.to(self.device)
        mse, bound = self.error(self.net, x, ids, t, torch.randn_like(x), diffusion.strides(n).to(self.device))
        self.seen[self.size] += n * together()
        return (diffusion.weight(t, least=0.25 if self.late or photographs else 0.0, layout=self.a.layout) * mse).mean() + bound.mean()

    def train_step(self):
        for group, base in self.rates:
            group['lr'] = base * self.rate()
        loss = self.loss()
        loss.backward()
        if together() > 1:
            self.share()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        for o in self.optimisers:
            o.step()
        self.net.zero_grad(set_to_none=True)
        n = self.step - self.since
        decay = min(self.a.ema, (1 + n) / (10 + n))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.ema.parameters()), list(self.net.parameters()), 1 - decay)
        self.step += 1
        return loss.detach()

    def share(self):
        """Every process takes the mean of all gradients."""
        grads = [p.grad for p in self.net.parameters() if p.grad is not None]
        flat = mean(torch.cat([g.reshape(-1) for g in grads]))
        for g, part in zip(grads, flat.split([g.numel() for g in grads])):
            g.copy_(part.view(g.shape))

    @torch.no_grad()
    def held_out(self, n=192):
        g = torch.Generator().manual_seed(7)
        rows = torch.arange(min(n, self.held.total))
        t = ((torch.arange(len(rows)) * 5 + 2) % 1000)[torch.randperm(len(rows), generator=g)]
        noise = torch.randn(len(rows), 3, 64, 64, generator=g)
        mse, bound = [], []
        for k in range(0, len(rows), 64):
            x, ids = self.ready(*self.held.take(rows[k:k + 64])[:2])
            z = noise[k:k + 64].to(self.device)
            z = F.avg_pool2d(z, 2) * 2 if self.size == 32 else z
            e, b = self.error(self.ema, x, ids, t[k:k + 64].to(self.device), z)
            mse.append(e.cpu()), bound.append(b.cpu())
        mse = torch.cat(mse)
        by = {f'{lo}-{hi}': round(mse[(t >= lo) & (t < hi)].mean().item(), 5) for lo, hi in ((0, 100), (100, 300), (300, 600), (600, 800), (800, 1000))}
        return dict(minutes=round(self.seconds / 60, 2), step=self.step, size=self.size, seen=sum(self.seen.values()), loss=round((diffusion.weight(t) * mse).mean().item(), 5), bound=round(torch.cat(bound).mean().item(), 5), by_t=by)

    @torch.no_grad()
    def photograph_gain(self, n=64):
        """One step from held-out photographs in noise, in dB above the best Gaussian blur."""
        pictures = self.photographs.apart(n)
        x, ids = self.ready(pictures, self.plain.cpu().expand(n, -1))
        g = torch.Generator().manual_seed(5)
        gain = {}
        for t in (90, 250, 500, 690):
            ts = torch.full((n,), t, device=self.device)
            noise = torch.randn(x.shape, generator=g).to(self.device)
            a = diffusion.alpha_bar(ts)
            xt = a.sqrt() * x + (1 - a).sqrt() * noise
            with machine.half(self.device):
                out = self.ema['unet'](xt.contiguous(memory_format=torch.channels_last), ts, self.ema['text'](ids, (ids != 0).long()))
            x0 = (xt - (1 - a).sqrt() * out.float()[:, :3]) / a.sqrt()
            gain[t] = round(diffusion.psnr(x0, x) - diffusion.best_blur(xt / a.sqrt(), x), 2)
        return gain

    def sheet(self, path, steps=20, scale=5.0, each=2):
        n, shift = self.size, 64 // self.size
        g = torch.Generator().manual_seed(180)
        ids = torch.cat([self.empty[None], self.prompts.repeat_interleave(each, 0)]).long().to(self.device)
        with torch.no_grad():
            text = self.ema['text'](ids, (ids != 0).long())
        x = torch.randn(len(ids) - 1, 3, n, n, generator=g).to(self.device)
        y = diffusion.walk(diffusion.guided(self.ema['unet'], text[1:], text[:1], scale), x, diffusion.timesteps(steps), g, shift, learned=shift == 1)
        png.sheet(path, png.to_bytes(y), 4 * each, scale=2 * shift)

    def run(self):
        a = self.a
        next_save, next_look, next_sheet = (self.seconds + s for s in (a.save_every, a.look_every, a.sheet_every))
        start, recent = time.time(), []
        if self.device.type == 'cuda' and not a.compile:
            seen = dict(self.seen)
            self.measure()
            self.seen = seen
        while self.seconds < a.minutes * 60:
            began, size = time.time(), self.size
            recent.append(self.train_step())
            # One clock for all processes: the rates follow it, and none may end before the others.
            self.seconds, piece = mean(torch.tensor([self.seconds + time.time() - began, time.time() - start], dtype=torch.float64)).tolist()
            if self.size != size:
                # Weights that were good at the old size would stay in the average for hundreds of steps.
                self.ema.load_state_dict(self.net.state_dict())
                self.since = self.step
            if self.step % 50 == 0:
                self.data.look()
                print(f'{self.step} {self.seconds / 60:.1f} min {self.size} px loss {torch.stack(recent).mean():.4f} rate {self.rate():.3f} seen {self.seen} of {self.data.total}', flush=True)
                recent = []
            end = self.seconds >= a.minutes * 60 or piece > a.piece * 60
            if rank():  # the first one looks and saves
                if end:
                    return
                continue
            if end or self.seconds > next_look:
                next_look = self.seconds + a.look_every
                row = self.held_out()
                if self.photographs:
                    row['gain'] = self.photograph_gain()
                print('held out', row, flush=True)
                with open(Path(a.state) / 'curve.jsonl', 'a') as f:
                    f.write(json.dumps(row) + '\n')
            if end or self.seconds > next_save:
                next_save = self.seconds + a.save_every
                self.save()
                if a.parts:
                    self.parts(a.parts)
            if end or self.seconds > next_sheet:
                next_sheet = self.seconds + a.sheet_every
                self.sheet(Path(a.state) / f'sheet-{self.seconds / 60:05.1f}.png')
            if end:
                return


def parser():
    """What either stage is told."""
    p = argparse.ArgumentParser()
    p.add_argument('--data', required=True)
    p.add_argument('--state', required=True)
    p.add_argument('--minutes', type=float, default=60, help='of training, all pieces together')
    p.add_argument('--piece', type=float, default=1e9, help='minutes after which this piece saves and ends')
    p.add_argument('--small', type=float, default=0.45, help='part of the time spent on smaller pictures: 32 x 32, or in stage II crops of 64')
    p.add_argument('--hold', type=float, default=0.5, help='part of the time before the rates decay')
    p.add_argument('--late', type=float, default=0.95, help='part of the time before the lowest noise counts more')
    p.add_argument('--photos', default='', help='a folder of photographs with captions, see photos.py')
    p.add_argument('--share', type=float, default=0.5, help='of photographs in a batch')
    p.add_argument('--parts', default='', help='folder for the averaged weights in files of at most 15 MiB')
    p.add_argument('--init', default='', help='a last.pt whose averaged weights to start from, or an exported folder')
    p.add_argument('--compile', action='store_true', help='torch.compile the network, which takes the first two minutes on a card')
    p.add_argument('--device', default='cuda' if torch.cuda.is_available() else 'cpu')
    p.add_argument('--threads', type=int, default=1)
    p.add_argument('--batch64', type=int, default=32)
    p.add_argument('--adam', type=float, default=1e-3)
    p.add_argument('--muon', type=float, default=0.01)
    p.add_argument('--ema', type=float, default=0.998)
    p.add_argument('--seed', type=int, default=180)
    p.add_argument('--save_every', type=float, default=120, help='seconds')
    p.add_argument('--look_every', type=float, default=240)
    p.add_argument('--sheet_every', type=float, default=720)
    return p


def begin(a, trainer):
    torch.set_num_threads(a.threads)
    if 'RANK' in os.environ:
        processes.init_process_group('gloo')
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    Path(a.state).mkdir(parents=True, exist_ok=True)
    t = trainer(a)
    sizes = ', '.join(f'{name} {models.parameters(m) / 1e6:.2f} M' for name, m in t.net.items())
    print(f'{sizes}, {t.data.total} pictures, {t.held.total} held out', flush=True)
    t.run()


if __name__ == '__main__':
    p = parser()
    p.add_argument('--layout', type=float, default=0.5, help='0 is min-SNR weights, 1 as much weight on much noise as EDM gives it')
    p.add_argument('--named', type=float, default=0.5, help='of the photographs: as many of each subject, with its name, in much noise')
    p.add_argument('--words', type=float, default=0.0, help="the text encoder's rate, if not that of --adam")
    p.add_argument('--settled_text', action='store_true', help='leave the text encoder as it is')
    p.add_argument('--batch32', type=int, default=64)
    begin(p.parse_args(), Trainer)
