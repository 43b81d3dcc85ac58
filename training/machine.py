"""What a run really ran on, for its provenance."""
import os
import platform
from pathlib import Path

import torch

# instructions that decide how fast bf16 is
QUICK = dict(amx_bf16='AMX', avx512_bf16='AVX512-BF16')


def field(key):
    """What Linux says of the processor, '' elsewhere."""
    info = Path('/proc/cpuinfo').read_text() if Path('/proc/cpuinfo').exists() else ''
    return next((line.split(':', 1)[1].strip() for line in info.splitlines() if line.startswith(key)), '')


def quick():
    """The words for its bf16 instructions, '' without."""
    return next((words for flag, words in QUICK.items() if flag in field('flags').split()), '')


def dtype(device):
    """bf16 where the machine computes in it. A processor without such instructions imitates them, twelve times as slowly as float32."""
    return torch.bfloat16 if torch.device(device).type != 'cpu' or quick() else torch.float32


def half(device):
    return torch.autocast(torch.device(device).type, torch.bfloat16, enabled=dtype(device) is torch.bfloat16)


def name(threads, device='cpu'):
    """'one thread of an AMD EPYC with AVX512-BF16, 2 cores', or the card's name."""
    if torch.device(device).type == 'cuda':
        return torch.cuda.get_device_name()
    instructions = f' with {quick()}' if quick() else ''
    return f"{threads} thread{'s' if threads > 1 else ''} of {field('model name') or platform.machine()}{instructions}, {os.cpu_count()} cores"
