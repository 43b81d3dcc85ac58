"""Which photographs of bottles and cans show one that stands: writes upright.tsv, which photos.py reads.

    python upright.py --photos PHOTOGRAPHS

Those of trash lie any way up, and many are lids, foil or shards: "a photo of a can" learnt from all of them is a grey
smear. ImageNet's network looks at each in its four quarter turns; the likeliest are taken, in their likeliest turn.
"""
import argparse
from pathlib import Path

import torch

import photos
from judges import Objects

# subject: ImageNet's classes that it takes for one standing upright, and how many are taken
CONTAINERS = {'bottle': ({440, 720, 737, 898, 907}, 120), 'can': ({463, 503, 504, 585, 631, 647, 653, 692, 720, 737, 756, 773, 838, 899}, 70)}


def likelihood(objects, pictures, classes):
    """[N] for uint8 pictures [N, H, W, 3]."""
    x = pictures.permute(0, 3, 1, 2).float() / 127.5 - 1
    return objects.likelihoods(x)[:, sorted(classes)].sum(1)


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--photos', required=True)
    album, objects = photos.Photographs(p.parse_args().photos), Objects()
    lines = ['file\toffset\tturn']
    for name, (classes, most) in CONTAINERS.items():
        rows = [r for r in album.rows if photos.kind(r) == name]
        pictures = torch.stack([photos.tensor(album.whole(album.open(r), 80)) for r in rows])
        best = torch.stack([likelihood(objects, pictures.rot90(turn, (1, 2)), classes) for turn in range(4)], 1).max(1)
        for k in best.values.topk(most).indices.tolist():
            lines.append(f"{rows[k]['file']}\t{rows[k]['offset']}\t{best.indices[k]}")
    Path(__file__).with_name('upright.tsv').write_text('\n'.join(lines) + '\n')


if __name__ == '__main__':
    main()
