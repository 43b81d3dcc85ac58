"""Reads an exported checkpoint back into the plain networks."""
import json
from pathlib import Path

import torch
from safetensors.torch import load_file

import models


def unet(folder):
    config = json.loads((Path(folder) / 'unet/config.json').read_text())
    net = models.UNet(config)
    net.load_state_dict({k: v.float() for k, v in load_file(Path(folder) / 'unet/diffusion_pytorch_model.safetensors').items()})
    return net.eval().requires_grad_(False).to(memory_format=torch.channels_last)


def text(folder):
    config = json.loads((Path(folder) / 'text_encoder/config.json').read_text())
    net = models.TextEncoder(config)
    net.load_state_dict({k: v.float() for k, v in load_file(Path(folder) / 'text_encoder/model.safetensors').items()})
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
