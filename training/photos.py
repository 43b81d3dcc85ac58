"""Photographs with captions for the mixture: decoded and cut as they are drawn, in the words that a person would type.

A folder holds captions.tsv (file, offset, length, source, caption, licence; one header line) and the files it points
into: pictures end to end, WebP or JPEG, at least as large as what is cut from them. A few are held out.
"""
import csv
import io
import random
import zlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageEnhance

import tokenizer

QUALITY = 'a high quality photo'
WORDINGS = {'a photo of {}': 9, 'a photograph of {}': 3, '{}, photo': 2, 'a high quality photo of {}': 2}
BARE = {'{}': 4}  # "a car" and "flowers" are drawings, too
# what anyone would call a picture of this source, beside its own caption
KINDS = {
    'birds': ['a bird'], 'butterflies': ['a butterfly'], 'monkeys': ['a monkey'], 'ferraris': ['a sports car'], 'tf_flowers': ['flowers'],
    'pd_recipes': ['a plate of food', 'food on a plate', 'a dish'], 'based_cooking': ['a plate of food'],
}
ALIKE = {
    'a daisy flower': ['a daisy', 'daisies'], 'a dandelion': ['dandelions', 'a dandelion flower'], 'tulips': ['a tulip'], 'roses': ['a rose'], 'sunflowers': ['a sunflower'],
    'a forest': ['trees in a forest', 'woods'], 'mountains': ['a mountain', 'a mountain landscape'], 'a glacier': ['glaciers', 'ice and snow'], 'the sea': ['the ocean', 'a beach by the sea', 'waves'],
    'a street': ['a street in a city', 'a road'], 'buildings in a city': ['buildings', 'a building', 'a city'],
    'a metal can': ['a can', 'cans'], 'a glass bottle or jar': ['a glass bottle', 'a bottle', 'bottles'], 'a plastic bottle or container': ['a plastic bottle', 'a bottle'],
    'cardboard waste': ['cardboard', 'a cardboard box'], 'a sheet of paper': ['paper'],
}
# caption or source of a photograph: the subject it is one of
SUBJECTS = {
    'a forest': 'woods', 'mountains': 'mountains', 'a glacier': 'glacier', 'the sea': 'sea', 'a street': 'street', 'buildings in a city': 'buildings', 'butterflies': 'butterfly',
    'birds': 'bird', 'monkeys': 'monkey', 'a daisy flower': 'daisy', 'a dandelion': 'dandelion', 'roses': 'roses', 'sunflowers': 'sunflowers', 'tulips': 'tulips',
    'red bell pepper': 'pepper', 'orange': 'oranges', 'satsumas': 'oranges', 'pd_recipes': 'food', 'a glass bottle or jar': 'bottle', 'a metal can': 'can', 'ferraris': 'sportscar',
}
HARD = ('bottle', 'can', 'monkey')  # drawn twice as often as the others
LYING = 'trash'  # photographed any way up: those that upright.py found standing are their subjects
SHOP = ('a photo of ', ' in a grocery store')


def held_out(row, one_in):
    return zlib.crc32(f"{row['file']} {row['offset']}".encode()) % one_in == 0


def subject(row):
    """The caption without its wording: 'a photo of avocado in a grocery store' is 'avocado'."""
    caption = row['caption'].lower().replace('an an ', 'an ')
    if row['source'] == 'grocery':
        return caption.removeprefix(SHOP[0]).removesuffix(SHOP[1])
    return caption


def kind(row):
    """The subject of the checkpoint that a photograph shows, if any."""
    return SUBJECTS.get(subject(row)) or SUBJECTS.get(row['source'])


def standing():
    """The quarter turn, counterclockwise, in which a photograph shows something upright, by its file and offset."""
    with Path(__file__).with_name('upright.tsv').open() as f:
        return {(r['file'], r['offset']): int(r['turn']) for r in csv.DictReader(f, delimiter='\t')}


def with_article(noun):
    return noun if noun.endswith('s') or noun.split()[0] in ('a', 'an', 'the') else f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def caption(row, dice, wordings):
    """A wording by chance, so that the word and not the sentence is learnt."""
    noun = subject(row)
    others = ALIKE.get(noun, []) + KINDS.get(row['source'], [])
    if others and dice.random() < 0.4:
        noun = dice.choice(others)
    elif row['source'] in ('caltech101', 'grocery'):
        noun = dice.choice([noun, with_article(noun), with_article(noun)])
        if row['source'] == 'grocery' and dice.random() < 0.5:
            noun += SHOP[1]
    if 'photo' in noun or 'picture' in noun:
        return noun
    return dice.choices(list(wordings), list(wordings.values()))[0].format(noun)


def tensor(image):
    """[H, W, 3] uint8"""
    return torch.from_numpy(np.array(image))


def thrown():
    """Dice that torch's seed decides."""
    return random.Random(int(torch.randint(0, 2 ** 62, ())))


class Photographs:
    """Draws uint8 pictures [n, side, side, 3] and token ids [n, 77]; those held out never come.

    `subjects` has the rows of each subject; of what was photographed lying, those that upright.py found standing, with their turn.
    """

    def __init__(self, folder, table='captions.tsv', side=64, one_in=100):
        folder, self.side, self.encode = Path(folder), side, tokenizer.encoder()
        rows = list(csv.DictReader((folder / table).open(), delimiter='\t', quoting=csv.QUOTE_NONE))
        self.blobs = {name: np.memmap(folder / name, np.uint8, 'r') for name in {r['file'] for r in rows}}
        self.rows, self.kept = ([r for r in rows if held_out(r, one_in) == apart] for apart in (False, True))
        turns, self.subjects = standing(), {}
        for row in self.rows:
            name, turn = kind(row), turns.get((row['file'], row['offset']))
            if turn is not None:
                row = row | dict(turn=turn)
            if name and ('turn' in row or row['source'] != LYING):
                self.subjects.setdefault(name, []).append(row)

    def open(self, row):
        start, n = int(row['offset']), int(row['length'])
        image = Image.open(io.BytesIO(self.blobs[row['file']][start:start + n].tobytes())).convert('RGB')
        return image.rotate(90 * row.get('turn', 0), expand=True)

    def cut(self, image, dice):
        """A square of at least `side` pixels anywhere, half of the time as large as there is one, mirrored half of the time, its light
        and colour a little changed."""
        short = min(image.size)
        size = dice.choice((short, dice.uniform(min(self.side, short), short)))
        x, y = (dice.uniform(0, edge - size) for edge in image.size)
        image = image.resize((self.side, self.side), Image.Resampling.LANCZOS, (x, y, x + size, y + size))
        if dice.random() < 0.5:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        if dice.random() < 0.5:
            for change in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
                image = change(image).enhance(dice.uniform(0.85, 1.15))
        return image

    @staticmethod
    def whole(image, side):
        """The largest square in the middle."""
        size = min(image.size)
        x, y = ((edge - size) / 2 for edge in image.size)
        return image.resize((side, side), Image.Resampling.LANCZOS, (x, y, x + size, y + size))

    def draw(self, n):
        dice = thrown()
        return self.captioned(dice.choices(self.rows, k=n), dice, WORDINGS | BARE)

    def draw_named(self, n):
        """Of each subject as many, of hard ones twice, and called photographs: the bare name is a drawing's."""
        dice = thrown()
        names = dice.choices(list(self.subjects), [2 if name in HARD else 1 for name in self.subjects], k=n)
        return self.captioned([dice.choice(self.subjects[name]) for name in names], dice, WORDINGS)

    def captioned(self, rows, dice, wordings):
        ids = self.encode([caption(r, dice, wordings) for r in rows])[0]
        return torch.stack([tensor(self.cut(self.open(r), dice)) for r in rows]), torch.tensor(ids, dtype=torch.int16)

    def apart(self, n):
        """n of those held out, always the same, as they are."""
        return torch.stack([tensor(self.whole(self.open(r), self.side)) for r in self.apart_rows(n)])

    def apart_rows(self, n):
        return sorted(self.kept, key=lambda r: zlib.crc32(r['offset'].encode()))[:n]
