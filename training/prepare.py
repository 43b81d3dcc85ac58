"""Tokens beside every shard of renders: NAME.bin (pictures) and NAME.jsonl (captions) gain NAME.tok and NAME.pho.

    python prepare.py DATA_FOLDER [--until FILE]

With --until it goes on for renders that appear while training reads them, until FILE says that they are all there.
"""
import argparse
import json
import os
import time
from array import array
from pathlib import Path

import tokenizer

PROMPTS = ['an oil painting of a snowy mountain village', 'a man wearing a hat', 'a rocket ship', 'a high quality photo',
           'the Campanile', 'a violently erupting volcano', 'a tropical forest', 'a Steinway nine-foot grand piano',
           'a lithograph of a skull', 'a lithograph of waterfalls', 'the Amalfi coast', 'people around a campfire',
           'a dog', 'an old man', 'a pencil', 'a photo of a hipster barista']


def write(path, code, values):
    part = path.with_name(path.name + '.part')
    with part.open('wb') as f:
        array(code, values).tofile(f)
    os.replace(part, path)


def tokens(folder, encode):
    for captions in sorted(folder.glob('*.jsonl')):
        done = captions.with_suffix('.pho')
        if done.exists() and done.stat().st_mtime >= captions.stat().st_mtime:  # a shard rendered again gets tokens again
            continue
        rows = [json.loads(line) for line in captions.open()]
        ids, lengths = encode([r['c'] for r in rows])
        flat = [i for row in ids for i in row]
        write(captions.with_suffix('.tok'), 'h', flat)
        write(done, 'B', [r['m'] == 'photo' for r in rows])  # last: who finds it finds all
        print(captions.stem, len(rows), 'tokens', round(sum(lengths) / len(rows), 1), 'most', max(lengths), 'unknown', flat.count(2), flush=True)


def prompts(folder, encode):
    write(folder / 'prompts.ids', 'h', [i for row in encode(['', 'a high quality photo', *PROMPTS])[0] for i in row])


if __name__ == '__main__':
    p = argparse.ArgumentParser()
    p.add_argument('data', type=Path)
    p.add_argument('--until', type=Path)
    a = p.parse_args()
    encode = tokenizer.encoder()
    prompts(a.data, encode)
    while a.until and not a.until.exists():
        tokens(a.data, encode)
        time.sleep(0.5)
    tokens(a.data, encode)
