"""A T5 tokenizer made by hand: whole words scored by log frequency, single characters at -12.

A Unigram trained on a closed grammar breaks words into letters; this one spends about nine tokens on
a caption. Written both as tokenizer.json and as spiece.model; both give the same ids.
"""
import json
import math
import string
import struct
import sys
import unicodedata
from pathlib import Path

from models import VOCABULARY
from words import PHOTOGRAPHS, counts

LENGTH = 77
UNDERLINE = '\u2581'
RARE = 2  # expected count of a photograph's word, on the scale of words.py: below every drawn one


def pieces():
    """(piece, score) by id: pad, end, unknown, words, characters, photographs' words, then reserves that no text contains."""
    table = counts()
    total = sum(table.values())
    rows = [('<pad>', 0.0), ('</s>', 0.0), ('<unk>', 0.0)]
    rows += [(UNDERLINE + w, math.log(n / total)) for w, n in sorted(table.items(), key=lambda item: (-item[1], item[0]))]
    have = {p for p, _ in rows}
    for character in [UNDERLINE, *string.ascii_lowercase, *string.digits, *string.punctuation]:
        if character not in have:
            rows.append((character, -12.0))
        if character != UNDERLINE and UNDERLINE + character not in have:
            rows.append((UNDERLINE + character, -13.0))
    have = {p for p, _ in rows}
    rows += [(UNDERLINE + w, math.log(RARE / total)) for w in PHOTOGRAPHS.split() if UNDERLINE + w not in have]
    assert len(rows) <= VOCABULARY, len(rows)
    rows += [(f'{UNDERLINE}\ue000{k}', -50.0) for k in range(VOCABULARY - len(rows))]
    return rows


def varint(n):
    out = b''
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def field(number, wire, payload):
    return varint(number << 3 | wire) + (varint(len(payload)) + payload if wire == 2 else payload)


def sentencepiece(rows):
    """The rows as a SentencePiece ModelProto (only what a reader needs)."""
    out = b''
    for i, (piece, score) in enumerate(rows):
        kind = 2 if i == 2 else 3 if i < 2 else 1  # unknown, control, normal
        body = field(1, 2, piece.encode()) + field(2, 5, struct.pack('<f', score)) + field(3, 0, varint(kind))
        out += field(1, 2, body)
    trainer = field(3, 0, varint(1)) + field(4, 0, varint(len(rows))) + field(40, 0, varint(2)) + field(41, 0, varint((1 << 64) - 1)) + field(42, 0, varint(1)) + field(43, 0, varint(0))
    normalizer = field(1, 2, b'identity') + field(3, 0, varint(1)) + field(4, 0, varint(1)) + field(5, 0, varint(1))
    return out + field(2, 2, trainer) + field(3, 2, normalizer)


def tokenizer_json(rows):
    special = [{'id': i, 'content': rows[i][0], 'single_word': False, 'lstrip': False, 'rstrip': False, 'normalized': False, 'special': True} for i in range(3)]
    return {
        'version': '1.0', 'truncation': None, 'padding': None, 'added_tokens': special,
        'normalizer': {'type': 'Sequence', 'normalizers': [{'type': 'NFKC'}, {'type': 'Strip', 'strip_left': True, 'strip_right': True}, {'type': 'Replace', 'pattern': {'Regex': ' {2,}'}, 'content': ' '}]},
        'pre_tokenizer': {'type': 'Metaspace', 'replacement': UNDERLINE, 'prepend_scheme': 'always', 'split': True},
        'post_processor': {'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'A', 'type_id': 0}}, {'SpecialToken': {'id': '</s>', 'type_id': 0}}],
                           'pair': [{'Sequence': {'id': 'A', 'type_id': 0}}, {'SpecialToken': {'id': '</s>', 'type_id': 0}}, {'Sequence': {'id': 'B', 'type_id': 0}}, {'SpecialToken': {'id': '</s>', 'type_id': 0}}],
                           'special_tokens': {'</s>': {'id': '</s>', 'ids': [1], 'tokens': ['</s>']}}},
        'decoder': {'type': 'Metaspace', 'replacement': UNDERLINE, 'prepend_scheme': 'always', 'split': True},
        'model': {'type': 'Unigram', 'unk_id': 2, 'vocab': [[p, s] for p, s in rows], 'byte_fallback': False},
    }


def save(folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows = pieces()
    (folder / 'spiece.model').write_bytes(sentencepiece(rows))
    (folder / 'tokenizer.json').write_text(json.dumps(tokenizer_json(rows), ensure_ascii=False, indent=None))
    (folder / 'tokenizer_config.json').write_text(json.dumps({
        'tokenizer_class': 'T5Tokenizer', 'model_max_length': LENGTH, 'extra_ids': 0, 'legacy': False,
        'pad_token': '<pad>', 'eos_token': '</s>', 'unk_token': '<unk>'}, indent=2) + '\n')
    (folder / 'special_tokens_map.json').write_text(json.dumps({'pad_token': '<pad>', 'eos_token': '</s>', 'unk_token': '<unk>'}, indent=2) + '\n')


def encoder():
    """A function from captions to (rows of 77 ids, lengths). The pipeline lower-cases, so we do.

    Viterbi over each word in plain Python: the CUDA machine has no tokenizers library.
    """
    scores = {p: (i, s) for i, (p, s) in enumerate(pieces()) if i > 2}
    longest = max(map(len, scores))
    unknown = min(s for _, s in scores.values()) - 10
    kept = {}

    def word_ids(word):
        best = [(0.0, [])] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - longest), end):
                piece = word[start:end]
                if piece in scores:
                    i, score = scores[piece]
                elif end - start == 1:
                    i, score = 2, unknown
                else:
                    continue
                total = best[start][0] + score
                if best[end] is None or total > best[end][0]:
                    best[end] = total, best[start][1] + [i]
        ids = best[-1][1]
        return [i for k, i in enumerate(ids) if i != 2 or k == 0 or ids[k - 1] != 2]  # unknowns in a row are one

    def encode(texts):
        rows, lengths = [], []
        for text in texts:
            ids = []
            for word in unicodedata.normalize('NFKC', text).lower().split():
                if word not in kept:
                    kept[word] = word_ids(UNDERLINE + word)
                ids += kept[word]
            ids = ids[:LENGTH - 1] + [1]
            lengths.append(len(ids))
            rows.append(ids + [0] * (LENGTH - len(ids)))
        return rows, lengths
    return encode


if __name__ == '__main__':
    save(sys.argv[1])
