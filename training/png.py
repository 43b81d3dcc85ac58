"""A sheet of pictures as PNG, with nothing but zlib: the CUDA machine has no imaging library."""
import struct
import zlib

import torch


def save(path, pictures):
    """pictures [H, W, 3] uint8"""
    h, w, _ = pictures.shape
    rows = torch.cat([torch.zeros(h, 1, dtype=torch.uint8), pictures.reshape(h, w * 3)], 1).contiguous()
    chunk = lambda kind, body: struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))
    data = bytes(rows.flatten().tolist())
    with open(path, 'wb') as f:
        f.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', w, h, 8, 2, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(data, 9)) + chunk(b'IEND', b''))


def to_bytes(x):
    """[N, 3, H, W] in [-1, 1] to [N, H, W, 3] uint8"""
    return ((x.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu()


def sheet(path, pictures, columns, scale=1, gap=2):
    n, h, w, _ = pictures.shape
    pictures = pictures.repeat_interleave(scale, 1).repeat_interleave(scale, 2)
    h, w = h * scale, w * scale
    rows = -(-n // columns)
    out = torch.full((rows * (h + gap) - gap, columns * (w + gap) - gap, 3), 255, dtype=torch.uint8)
    for i in range(n):
        y, x = i // columns * (h + gap), i % columns * (w + gap)
        out[y:y + h, x:x + w] = pictures[i]
    save(path, out)
