"""The noise schedule of IF, the losses, and one way of walking down it."""
import math

import torch
import torch.nn.functional as F

import machine

STEPS = 1000


def _cosine():
    f = lambda u: math.cos((u + 0.008) / 1.008 * math.pi / 2) ** 2
    return torch.tensor([min(1 - f((i + 1) / STEPS) / f(i / STEPS), 0.999) for i in range(STEPS)], dtype=torch.float64)


BETA = _cosine()
ALPHA_BAR = torch.cumprod(1 - BETA, 0)
# ᾱ by t + 1, so that -1 stands for a clean picture
LEVELS = torch.cat([torch.ones(1, dtype=torch.float64), ALPHA_BAR])
_on = {}


def table(values, t):
    """values[t] as [N, 1, 1, 1] floats on t's device."""
    key = id(values), t.device
    if key not in _on:
        _on[key] = values.float().to(t.device)
    return _on[key][t].view(-1, 1, 1, 1)


def alpha_bar(t, shift=1):
    """ᾱ_t as a picture `shift` times smaller sees it: averaging s x s pixels multiplies SNR by s²."""
    a = table(ALPHA_BAR, t)
    if shift == 1:
        return a
    snr = shift ** 2 * a / (1 - a)
    return snr / (1 + snr)


def weight(t, most=5.0, least=0.0, layout=0.0):
    """Min-SNR weight of the noise error (Hang et al. 2023); `least` keeps the last steps from being forgotten, `layout` is the part
    of the way to EDM's weight (Karras et al. 2022, table 1, with data of deviation 1) where the layout is decided: 1 + 1/SNR, at most 9."""
    a = table(ALPHA_BAR, t).view(-1)
    snr = a / (1 - a)
    return (snr.clamp(max=most) / snr).clamp(min=least) * (1 + 1 / snr).clamp(max=9.0) ** layout


def variational_bound(x0, x, t, noise, v, stride=None):
    """Bits per dimension of the step from t to t - stride, per timestep walked; only the variance learns from it.

    Differs: improved DDPM (eq. 16) learns it for steps of one, where the range it interpolates is so narrow
    that v hardly matters and stays arbitrary. Every page walks in strides, where an arbitrary v is speckle.
    """
    stride = torch.ones_like(t) if stride is None else torch.minimum(stride, t.clamp(min=1))
    a, p = table(LEVELS, t + 1), table(LEVELS, t - stride + 1)
    alpha = a / p
    beta = 1 - alpha
    x0_part, x_part = p.sqrt() * beta / (1 - a), alpha.sqrt() * (1 - p) / (1 - a)
    true_log = torch.log((beta * (1 - p) / (1 - a)).clamp(min=1e-10))
    guess = ((x - (1 - a).sqrt() * noise) / a.sqrt()).clamp(-1, 1)
    part = (v + 1) / 2
    log = part * beta.log() + (1 - part) * true_log
    off = x0_part * (x0 - guess)
    kl = 0.5 * (-1 + log - true_log + torch.exp(true_log - log) + off ** 2 * torch.exp(-log)) / stride.view(-1, 1, 1, 1)
    spread, centre = torch.exp(0.5 * log), x0 - (x0_part * guess + x_part * x)
    cdf = lambda z: 0.5 * (1 + torch.erf(z / math.sqrt(2)))
    upper, lower = cdf((centre + 1 / 255) / spread), cdf((centre - 1 / 255) / spread)
    nll = -torch.log(torch.where(x0 < -0.999, upper, torch.where(x0 > 0.999, 1 - lower, upper - lower)).clamp(min=1e-12))
    return torch.where(t.view(-1, 1, 1, 1) == 0, nll, kl).mean((1, 2, 3)) / math.log(2)


def strides(n, most=100):
    """Log-uniform: as many short steps as long ones."""
    return torch.exp(torch.rand(n) * math.log(most)).round().long()


def timesteps(n, first=990):
    return [round(first - first * k / (n - 1)) for k in range(n)]


def early(n, first=980):
    """The program's way of this name (src/diffusion/itineraries.ts): the closer together the more noise there is."""
    return [round(first * (1 - (k / (n - 0.5)) ** 2)) for k in range(n)]


def threshold(x0, most=1.5):
    # torch.quantile refuses large inputs; rows are small here
    s = torch.quantile(x0.abs().flatten(1), 0.95, dim=1).clamp(1, most).view(-1, 1, 1, 1)
    return x0.clamp(-s, s) / s


def walk(estimate, x, steps, generator, shift=1, learned=True, most=1.5, ddim=False):
    """DDPM (or DDIM with eta 0) from x at steps[0] to a clean picture; estimate(x, t) gives noise and raw variance."""
    level = lambda t: 1.0 if t < 0 else alpha_bar(torch.tensor([t]), shift).item()
    for k, t in enumerate(steps):
        after = steps[k + 1] if k + 1 < len(steps) else -1
        noise, v = estimate(x, t)
        a, b = level(t), level(after)
        alpha = a / b
        beta = 1 - alpha
        x0 = threshold((x - math.sqrt(1 - a) * noise) / math.sqrt(a), most)
        if after < 0:
            return x0
        if ddim:
            x = math.sqrt(b) * x0 + math.sqrt(1 - b) * (x - math.sqrt(a) * x0) / math.sqrt(1 - a)
            continue
        mean = math.sqrt(b) * beta / (1 - a) * x0 + math.sqrt(alpha) * (1 - b) / (1 - a) * x
        low = max(beta * (1 - b) / (1 - a), 1e-20)
        part = (v.clamp(-1, 1) + 1) / 2 if learned else torch.zeros_like(x0)
        log = part * math.log(beta) + (1 - part) * math.log(low)
        x = mean + torch.exp(0.5 * log) * torch.randn(x.shape, generator=generator).to(x)
    return x


def guided(unet, cond, uncond, scale, labels=None, beside=None):
    """Classifier-free guidance as IF does it: the variance is the conditional half's."""
    def estimate(x, t):
        n = len(x)
        y = x if beside is None else torch.cat([x, beside], 1)
        many = scale != 1
        y = torch.cat([y, y]) if many else y
        text = torch.cat([cond, uncond.expand_as(cond)]) if many else cond
        ts = torch.full((len(y),), int(t), device=x.device)
        lab = None if labels is None else labels.repeat(2) if many else labels
        with torch.no_grad(), machine.half(x.device):
            out = unet(y.contiguous(memory_format=torch.channels_last), ts, text, lab).float()
        if not many:
            return out[:, :3], out[:, 3:]
        return out[n:, :3] + scale * (out[:n, :3] - out[n:, :3]), out[:n, 3:]
    return estimate


@torch.no_grad()
def sharpen(unet, small, cond, uncond, steps=6, scale=1.0, level=20, seed=180):
    """Stage II: [N, 3, h, w] to the same bilinearly grown four times, and to its picture."""
    g = torch.Generator().manual_seed(seed)
    grown = F.interpolate(small, scale_factor=4, mode='bilinear', align_corners=True)
    levels = torch.full((len(small),), level, device=small.device)
    b = alpha_bar(levels)
    beside = b.sqrt() * grown + (1 - b).sqrt() * torch.randn(grown.shape, generator=g).to(small)
    x = torch.randn(grown.shape, generator=g).to(small)
    return grown, walk(guided(unet, cond, uncond, scale, labels=levels, beside=beside), x, early(steps), g, most=1.0)


def each_psnr(x, y):
    """Of each picture, in dB; both in [-1, 1]."""
    return -10 * torch.log10((((x.clamp(-1, 1) - y) / 2) ** 2).mean((1, 2, 3)))


def psnr(x, y):
    """Mean over pictures, in dB; both in [-1, 1]."""
    return each_psnr(x, y).mean().item()


def blurred(x, sigma):
    """Gaussian blur of whole pictures, edges mirrored."""
    r = min(x.shape[-1] // 2 - 1, math.ceil(4 * sigma))
    k = torch.exp(-torch.arange(-r, r + 1, device=x.device).float() ** 2 / (2 * sigma * sigma))
    k = (k / k.sum()).view(1, 1, -1, 1)
    y = F.pad(x, (r, r, r, r), mode='reflect').reshape(-1, 1, x.shape[-2] + 2 * r, x.shape[-1] + 2 * r)
    return F.conv2d(F.conv2d(y, k), k.transpose(2, 3)).view_as(x)


def best_blur(noisy, clean):
    return max(psnr(blurred(noisy, sigma), clean) for sigma in (0.5, 0.7, 1, 1.4, 2, 2.8, 4, 6))
