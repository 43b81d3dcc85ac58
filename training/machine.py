"""What a run really ran on, for its provenance."""
import os
import platform
from pathlib import Path

import torch

# instructions that decide how fast bf16 is
QUICK = dict(amx_bf16='AMX', avx512_bf16='AVX512-BF16')


def name(threads, device='cpu'):
    """'one thread of an AMD EPYC with AVX512-BF16, 2 cores', or the card's name."""
    if torch.device(device).type == 'cuda':
        return torch.cuda.get_device_name()
    info = Path('/proc/cpuinfo').read_text() if Path('/proc/cpuinfo').exists() else ''
    field = lambda key: next((line.split(':', 1)[1].strip() for line in info.splitlines() if line.startswith(key)), '')
    quick = next((f' with {words}' for flag, words in QUICK.items() if flag in field('flags').split()), '')
    return f"{threads} thread{'s' if threads > 1 else ''} of {field('model name') or platform.machine()}{quick}, {os.cpu_count()} cores"
