"""Reads an exported checkpoint back into the plain networks, to measure it or to train on."""
import json
from pathlib import Path

import torch

import diffusion
import models

CALM = 1.0


def tensors(file):
    from safetensors.torch import load_file  # here: a training run that starts from nothing does without
    return {k: v.float() for k, v in load_file(file).items()}


def calm(unet, by=CALM):
    """Lowers the raw variance v by a constant.

    The likeliest variance adds as much noise as the network's own error; over the last wide stride that is
    visible speckle. One less moves the log variance half way towards the posterior's, and the speckle goes.
    """
    bias = unet['conv_out.bias']
    bias[bias.numel() // 2:] -= by


def weights(path):
    """Averaged weights to go on from: those of a last.pt, or an exported folder's with its calm taken back."""
    if Path(path).is_file():
        return torch.load(path, map_location='cpu', weights_only=True)['ema']
    net = tensors(Path(path) / 'unet/diffusion_pytorch_model.safetensors')
    calm(net, -CALM)
    words = Path(path) / 'text_encoder/model.safetensors'
    parts = dict(unet=net, text=tensors(words) if words.exists() else {})
    return {f'{name}.{k}': v for name, part in parts.items() for k, v in part.items()}


def part(weights, name):
    """Of `weights` those of one network, 'unet' or 'text', under its own names."""
    return {k.removeprefix(f'{name}.'): v for k, v in weights.items() if k.startswith(f'{name}.')}


def more_words(text, vocabulary):
    """The text encoder's weights with rows for words it has not met: each a little off the mean of those it has."""
    if not text:
        return text
    have = text['shared.weight']
    more = vocabulary - len(have)
    if more > 0:
        new = have.mean(0) + 0.5 * have.std(0) * torch.randn(more, have.shape[1], generator=torch.Generator().manual_seed(180))
        text = text | {'shared.weight': torch.cat([have, new])}
    return text


def unet(path):
    """The network of an exported folder, or of a last.pt as it would be exported."""
    if Path(path).is_file():
        found = part(weights(path), 'unet')
        calm(found)
        config = models.STAGE_I if found['conv_in.weight'].shape[1] == models.STAGE_I['in_channels'] else models.STAGE_II
    else:
        found, config = tensors(Path(path) / 'unet/diffusion_pytorch_model.safetensors'), json.loads((Path(path) / 'unet/config.json').read_text())
    return ready(models.UNet(config), found).to(memory_format=torch.channels_last)


def text(path):
    return ready(models.TextEncoder(), more_words(part(weights(path), 'text'), models.VOCABULARY))


def ready(net, weights):
    net.load_state_dict(weights)
    return net.eval().requires_grad_(False)


class Prompter:
    """Prompts to embeddings [n, 77, width], kept once made."""

    def __init__(self, folder):
        import tokenizer
        self.net, self.encode, self.kept = text(folder), tokenizer.encoder(), {}

    def __call__(self, prompts):
        for p in set(prompts) - self.kept.keys():
            ids = torch.tensor(self.encode([p])[0])
            self.kept[p] = self.net(ids, (ids != 0).long())
        return torch.cat([self.kept[p] for p in prompts])


class Model:
    """Stage I with its prompts: estimates, and whole walks."""

    def __init__(self, path):
        self.net, self.prompts = unet(path), Prompter(path)

    def noise(self, x, t, words, scale):
        c, u = self.prompts(words), self.prompts([''])
        return diffusion.guided(self.net, c, u, scale)(x, t)

    def sample(self, words, scale, steps, seed, estimate=None, size=64):
        g = torch.Generator().manual_seed(seed)
        x = torch.randn(len(words), 3, size, size, generator=g)
        return diffusion.walk(estimate or (lambda x, t: self.noise(x, t, words, scale)), x, diffusion.timesteps(steps), g)

    def many(self, words, scale, steps, seed, batch=16):
        return torch.cat([self.sample(words[k:k + batch], scale, steps, seed + k) for k in range(0, len(words), batch)])
