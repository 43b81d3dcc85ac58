"""Tokens beside every shard of renders: NAME.bin (pictures) and NAME.jsonl (captions) gain NAME.tok and NAME.pho.

    python prepare.py DATA_FOLDER
"""
import json
import sys
from array import array
from pathlib import Path

import tokenizer

PROMPTS = ['an oil painting of a snowy mountain village', 'a man wearing a hat', 'a rocket ship', 'a high quality photo',
           'the Campanile', 'a violently erupting volcano', 'a tropical forest', 'a Steinway nine-foot grand piano',
           'a lithograph of a skull', 'a lithograph of waterfalls', 'the Amalfi coast', 'people around a campfire',
           'a dog', 'an old man', 'a pencil', 'a photo of a hipster barista']

def write(path, code, values):
    with path.open('wb') as f:
        array(code, values).tofile(f)


def tokens(folder):
    encode = tokenizer.encoder()
    for captions in sorted(folder.glob('*.jsonl')):
        if captions.with_suffix('.pho').exists():
            continue
        rows = [json.loads(line) for line in captions.open()]
        ids, lengths = encode([r['c'] for r in rows])
        flat = [i for row in ids for i in row]
        write(captions.with_suffix('.tok'), 'h', flat)
        write(captions.with_suffix('.pho'), 'B', [r['m'] == 'photo' for r in rows])
        print(captions.stem, len(rows), 'tokens', round(sum(lengths) / len(rows), 1), 'most', max(lengths), 'unknown', flat.count(2))
    write(folder / 'prompts.ids', 'h', [i for row in encode(['', 'a high quality photo', *PROMPTS])[0] for i in row])


if __name__ == '__main__':
    tokens(Path(sys.argv[1]))
