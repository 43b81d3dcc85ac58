"""Stage II: 64 -> 256, on crops of 256-pixel renders, with stage I's text encoder as it is.

    python train_up.py --data DATA256 --text STATE/last.pt --state STATE2 --minutes 35

The network sees the picture shrunk to 64, grown again as IF's pipeline grows it, and noised to a
random level it is told; crops are 64 pixels wide first and 128 later, so that depth learns context.
"""

import torch
import torch.nn.functional as F

import checkpoint
import diffusion
import machine
import models
import png
import train
from photos import Photographs

SIDE = 256


class UpTrainer(train.Trainer):
    """Differs from stage I in its data, its six input channels and a frozen text encoder."""

    def __init__(self, a):
        self.a, self.device = a, torch.device(a.device)
        torch.manual_seed(a.seed)
        unet, text = models.UNet(models.STAGE_II), models.TextEncoder()
        models.initialise(unet, text)
        text.load_state_dict(checkpoint.part(checkpoint.weights(a.text), 'text'))
        self.text = text.to(self.device).requires_grad_(False)
        self.make(torch.nn.ModuleDict(dict(unet=unet.to(memory_format=torch.channels_last))), SIDE)

    def album(self, folder):
        return Photographs(folder, 'captions256.tsv', SIDE, one_in=50)

    @property
    def size(self):
        return 64 if self.seconds < self.a.small * self.a.minutes * 60 else 128

    def batch(self, n):
        photographs = round(n * self.a.share) if self.photographs else 0
        full, ids, _ = self.data.draw(n - photographs)
        if photographs:
            full, ids = (torch.cat(pair) for pair in zip((full, ids), self.photographs.draw(photographs)))
        ids = torch.where((torch.rand(n, device=ids.device) < 0.1)[:, None], self.empty, ids)
        return self.pair(full, ids, self.size, None)

    def pair(self, full, ids, crop, generator):
        """Sharp crop, the same crop of the shrunken and grown picture, tokens."""
        x = full.to(self.device).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)
        grown = F.interpolate(F.avg_pool2d(x, 4), size=(SIDE, SIDE), mode='bilinear', align_corners=True)
        y0, x0 = torch.randint(0, (SIDE - crop) // 16 + 1, (2,), generator=generator).tolist()
        cut = lambda v: v[:, :, y0 * 16:y0 * 16 + crop, x0 * 16:x0 * 16 + crop]
        return cut(x), cut(grown), ids.to(self.device).long()

    def error(self, net, x, grown, ids, t, level, noise, own, stride=None):
        a, b = diffusion.alpha_bar(t), diffusion.alpha_bar(level)
        xt = a.sqrt() * x + (1 - a).sqrt() * noise
        beside = b.sqrt() * grown + (1 - b).sqrt() * own
        with machine.half(self.device):
            with torch.no_grad():
                text = self.text(ids, (ids != 0).long())
            out = net['unet'](torch.cat([xt, beside], 1).contiguous(memory_format=torch.channels_last), t, text, level)
        eps, v = out.float().chunk(2, 1)
        return ((eps - noise) ** 2).mean((1, 2, 3)), diffusion.variational_bound(x, xt, t, eps.detach(), v, stride)

    def loss(self):
        n = self.a.batch64 if self.size == 64 else max(1, self.a.batch64 // 4)
        x, grown, ids = self.batch(n)
        # The first steps settle the colours for good: what comes after believes them.
        t = train.timesteps(n, extra=0.3, among=(0, 250) if self.late else (750, 1000)).to(self.device)
        # Half below 60: what is enlarged is nearly clean.
        level = (torch.rand(n).square() * 250).long().to(self.device)
        # Slow noise on top: else the network reads a region's colour off x_t, whose true noise averages out over a
        # region, and believes there what its own early steps got wrong. Now only beside can be believed.
        normal = lambda side: torch.randn(n, 3, side, side, device=x.device)
        slow = F.interpolate(normal(4), size=x.shape[-2:], mode='bicubic') + normal(1)
        noise = torch.randn_like(x) + 0.15 * slow
        mse, bound = self.error(self.net, x, grown, ids, t, level, noise, torch.randn_like(x), diffusion.strides(n, most=300).to(self.device))
        self.seen[self.size] += n * train.together()
        return (self.weight(t, 0.25 if self.late else 0.0) * mse).mean() + bound.mean()

    @staticmethod
    def weight(t, least):
        """Near pure noise the colours are already known from beside: an error there would tint the whole picture."""
        a = diffusion.alpha_bar(t).view(-1)
        return diffusion.weight(t, least=least) * (1 + (0.2 * (1 - a) / a).clamp(max=20))

    @torch.no_grad()
    def held_out(self, n=96):
        g = torch.Generator().manual_seed(7)
        mse, bound = [], []
        t = ((torch.arange(n) * 11 + 2) % 1000)[torch.randperm(n, generator=g)]
        for k in range(0, n, 32):
            full, ids, _ = self.held.take(torch.arange(k, k + 32) % self.held.total)
            x, grown, ids = self.pair(full, ids, 64, g)
            noise, own = torch.randn(32, 3, 64, 64, generator=g).to(self.device), torch.randn(32, 3, 64, 64, generator=g).to(self.device)
            e, b = self.error(self.ema, x, grown, ids, t[k:k + 32].to(self.device), torch.full((32,), 20, device=self.device), noise, own)
            mse.append(e.cpu()), bound.append(b.cpu())
        mse = torch.cat(mse)
        return dict(minutes=round(self.seconds / 60, 2), step=self.step, size=self.size, seen=sum(self.seen.values()), loss=round((diffusion.weight(t) * mse).mean().item(), 5), bound=round(torch.cat(bound).mean().item(), 5))

    @torch.no_grad()
    def photograph_gain(self, n=16):
        """Held-out photographs shrunk and brought back: PSNR of stage II and of bilinear, in dB."""
        x = self.photographs.apart(n).permute(0, 3, 1, 2).float().div(127.5).sub(1)
        ids = self.plain.expand(n, -1).long()
        grown, sharp = diffusion.sharpen(self.ema['unet'], F.avg_pool2d(x, 4), self.text(ids, (ids != 0).long()), self.text(ids, (ids != 0).long()))
        return dict(sharp=round(diffusion.psnr(sharp, x), 2), bilinear=round(diffusion.psnr(grown, x), 2))

    def sheet(self, path):
        full, ids, _ = self.held.take(torch.arange(8) * 7 % self.held.total)
        if self.photographs:
            full = torch.cat([full[:4], self.photographs.apart(4)])
            ids = torch.cat([ids[:4], self.plain.expand(4, -1)])
        x = full.to(self.device).permute(0, 3, 1, 2).float().div(127.5).sub(1)
        ids = torch.cat([self.empty[None], ids]).long().to(self.device)
        text = self.text(ids, (ids != 0).long())
        grown, sharp = diffusion.sharpen(self.ema['unet'], F.avg_pool2d(x, 4), text[1:], text[:1])
        png.sheet(path, png.to_bytes(torch.cat([grown[:4], sharp[:4], x[:4], grown[4:], sharp[4:], x[4:]])), 4)


if __name__ == '__main__':
    p = train.parser()
    p.add_argument('--text', required=True, help="stage I's last.pt or exported folder")
    p.set_defaults(minutes=35, small=0.6, muon=0.01, ema=0.998, sheet_every=600, batch32=0, words=0.0, settled_text=False)
    a = p.parse_args()
    train.begin(a, UpTrainer)
