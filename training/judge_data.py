"""What the judge of illusions learns from: renders and photographs of subjects, and how they are disguised."""
import csv
import json
import re
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from photos import Photographs, held_out, tensor
from subjects import DRAWN, PHOTOGRAPHED

SUBJECTS = [*DRAWN, *PHOTOGRAPHED]

# Words of a prompt that ask for a subject; the longest that a prompt holds counts.
WORDS = {
    'village': ['village'], 'manhat': ['man wearing a hat', 'man with a hat', 'man in a hat', 'hat'], 'rocket': ['rocket', 'spaceship', 'rocket ship'],
    'campanile': ['campanile', 'bell tower', 'sather tower', 'clock tower', 'tower'], 'volcano': ['volcano', 'volcanoes'], 'forest': ['tropical forest', 'rainforest', 'jungle', 'palm trees'],
    'piano': ['piano'], 'skull': ['skull'], 'waterfall': ['waterfall', 'waterfalls'], 'amalfi': ['amalfi', 'amalfi coast', 'amalfi cost'], 'campfire': ['campfire', 'people around a campfire', 'fire'],
    'dog': ['dog', 'puppy'], 'oldman': ['old man', 'elderly man', 'grandfather'], 'pencil': ['pencil'], 'barista': ['barista', 'hipster'], 'man': ['man', 'portrait of a man', 'face'], 'woman': ['woman', 'girl', 'lady'],
    'lighthouse': ['lighthouse'], 'cottage': ['cottage', 'house', 'farmhouse'], 'castle': ['castle'], 'city': ['skyline', 'city', 'skyscrapers', 'city skyline'], 'bridge': ['bridge', 'golden gate bridge'],
    'windmill': ['windmill'], 'balloon': ['balloon', 'balloons', 'hot air balloon'], 'sailboat': ['sailboat', 'boat', 'ship', 'sailing boat', 'sailboat on the sea'], 'car': ['car'], 'train': ['train', 'locomotive'],
    'planet': ['planet'], 'cat': ['cat', 'kitten'], 'owl': ['owl'], 'penguin': ['penguin'], 'flowers': ['flowers', 'vase', 'bouquet', 'vase of flowers'], 'fruit': ['fruit', 'apples', 'bowl of fruit'],
    'teacup': ['teacup', 'cup', 'cup of coffee', 'coffee'], 'snowman': ['snowman'], 'autumn': ['autumn', 'autumn forest', 'trees in autumn', 'forest in the fall'], 'desert': ['desert', 'pyramids'], 'beach': ['beach', 'tropical beach'],
    'woods': ['forest', 'woods', 'trees'], 'mountains': ['mountain', 'mountains'], 'glacier': ['glacier'], 'sea': ['sea', 'ocean', 'waves'], 'street': ['street', 'road'], 'buildings': ['buildings', 'buildings in a city'],
    'butterfly': ['butterfly'], 'bird': ['bird'], 'monkey': ['monkey'], 'daisy': ['daisy', 'daisies'], 'dandelion': ['dandelion'], 'roses': ['rose', 'roses'], 'sunflowers': ['sunflower', 'sunflowers'],
    'tulips': ['tulip', 'tulips'], 'pepper': ['pepper', 'bell pepper', 'red bell pepper'], 'oranges': ['orange', 'oranges'], 'food': ['food', 'plate of food', 'dish'], 'bottle': ['bottle', 'glass bottle'], 'can': ['can', 'metal can'],
    'sportscar': ['sports car', 'red sports car'],
}
# a picture of the first shows the second, too
ALSO = {'manhat': ['man'], 'oldman': ['man'], 'barista': ['man'], 'sportscar': ['car']}
# a picture of the first may show the second: neither right nor wrong
PERHAPS = {
    'car': 'sportscar street', 'woods': 'forest autumn', 'forest': 'woods beach', 'autumn': 'woods', 'beach': 'sea forest', 'sea': 'beach', 'sailboat': 'sea', 'amalfi': 'sea buildings village mountains',
    'village': 'mountains cottage', 'city': 'buildings street', 'buildings': 'street city', 'street': 'buildings car sportscar', 'mountains': 'glacier volcano', 'glacier': 'mountains sea', 'volcano': 'mountains',
    'roses': 'flowers', 'tulips': 'flowers', 'dandelion': 'flowers', 'daisy': 'flowers', 'sunflowers': 'flowers daisy', 'flowers': 'roses tulips sunflowers daisy', 'fruit': 'oranges', 'oranges': 'fruit', 'barista': 'teacup oldman manhat',
    'campfire': 'man woman', 'lighthouse': 'sea campanile', 'campanile': 'lighthouse', 'bridge': 'sea', 'waterfall': 'woods mountains', 'penguin': 'bird glacier', 'owl': 'bird', 'oldman': 'barista', 'manhat': 'oldman barista', 'man': 'oldman barista manhat',
    'castle': 'mountains', 'cottage': 'village', 'bottle': 'can', 'can': 'bottle', 'food': 'fruit',
}
# what a turned picture still is
ROUND = {'planet', 'oranges', 'daisy', 'dandelion', 'roses', 'sunflowers', 'butterfly', 'pepper', 'food', 'can', 'bottle', 'pencil', 'tulips', 'fruit'}
NOUNS = {
    'woods': ['a forest'], 'mountains': ['mountains'], 'glacier': ['a glacier'], 'sea': ['the sea'], 'street': ['a street'], 'buildings': ['buildings in a city'], 'daisy': ['a daisy flower'],
    'dandelion': ['a dandelion'], 'roses': ['roses', 'rose'], 'sunflowers': ['sunflowers', 'sunflower'], 'tulips': ['tulips'], 'oranges': ['orange', 'oranges', 'a satsumas', 'satsumas'],
    'bottle': ['a glass bottle or jar'], 'can': ['a metal can'], 'butterfly': ['butterfly'], 'piano': ['grand piano'], 'dog': ['dalmatian'], 'cat': ['wild cat'], 'sailboat': ['ketch', 'schooner'], 'teacup': ['cup'], 'car': ['car side'],
}
OF_SOURCE = {'birds': 'bird', 'butterflies': 'butterfly', 'monkeys': 'monkey', 'ferraris': 'sportscar', 'pd_recipes': 'food', 'based_cooking': 'food'}
NOTHING = -1


def subject_of(row, noun):
    """The subject of a photograph, NOTHING where it is none of them, None where nobody knows."""
    if row['source'] in OF_SOURCE:
        return SUBJECTS.index(OF_SOURCE[row['source']])
    for name, nouns in NOUNS.items():
        if noun in nouns:
            return SUBJECTS.index(name)
    if 'pepper' in noun:
        return SUBJECTS.index('pepper')
    if row['source'] == 'caltech101' and not re.search(r'face|flower|car|cat|bird|emu|flamingo|ibis|pigeon|rooster|pagoda|minaret|lotus|tree|bonsai|head|pizza|ferry|buddha', noun):
        return NOTHING
    return NOTHING if row['source'] == 'trash' and noun in ('a sheet of paper', 'cardboard waste') else None


class Pictures:
    """Renders, photographs and samples of the model (samples: folder of pictures.npy and labels.npy) with their subjects."""

    def __init__(self, data, photos, samples=None, most=600):
        renders, kept = ([self.shard(p) for p in sorted(Path(data).glob(f'{kind}*.bin'))] for kind in ('t', 'val'))
        self.x = [p for p, _ in renders]
        self.by = {k: [] for k in range(-1, len(SUBJECTS))}
        for s, (_, labels) in enumerate(renders):
            for i, label in enumerate(labels):
                if label is not None:
                    self.by[label].append((s, i))
        self.kept = {'renders': self.gathered(kept[0][0], [(i, k) for i, k in enumerate(kept[0][1]) if k is not None][:1000])}
        if photos:
            self.photographs(Photographs(photos), most)
        if samples:
            x, labels = torch.from_numpy(np.load(f'{samples}/pictures.npy')), np.load(f'{samples}/labels.npy')
            self.x.append(x)
            mine = [k for k in range(len(labels)) if k % 8]
            self.kept['samples'] = self.gathered(x, [(k, int(labels[k])) for k in range(0, len(labels), 8)])
            for subject in set(labels[mine].tolist()):
                # A fifth of what is drawn of a subject is the model's own.
                own = [(len(self.x) - 1, k) for k in mine if labels[k] == subject]
                self.by[subject] += own * max(1, len(self.by[subject]) // (4 * len(own)))

    @staticmethod
    def gathered(x, pairs):
        return torch.stack([x[i] for i, _ in pairs]), torch.tensor([k for _, k in pairs])

    @staticmethod
    def shard(path):
        told = [json.loads(line) for line in path.with_suffix('.jsonl').open()]
        x = torch.from_numpy(np.memmap(path, np.uint8, 'c').reshape(-1, 64, 64, 3)).permute(0, 3, 1, 2)
        return x, [None if t['p'] or t['s'] not in DRAWN else SUBJECTS.index(t['s']) for t in told]

    def photographs(self, photos, most):
        from photos import subject
        kept, found = [], []
        seen = {k: 0 for k in self.by}
        for rows, into, limit in ((photos.kept, kept, 20), (photos.rows, found, most)):
            seen = {k: 0 for k in self.by}
            order = np.random.default_rng(3).permutation(len(rows))
            for row in (rows[i] for i in order):
                label = subject_of(row, subject(row))
                if label is None or seen[label] >= (limit if label >= 0 else 4 * limit):
                    continue
                seen[label] += 1
                into.append((tensor(photos.whole(photos.open(row), 64)).permute(2, 0, 1), label))
        self.x.append(torch.stack([x for x, _ in found]))
        for i, (_, label) in enumerate(found):
            self.by[label].append((len(self.x) - 1, i))
        kept = [(x, k) for x, k in kept if k >= 0]
        self.kept['photographs'] = torch.stack([x for x, _ in kept]), torch.tensor([k for _, k in kept])

    def draw(self, n):
        """[n, 3, 64, 64] in [-1, 1] and [n] subjects, each as likely as the others."""
        labels = torch.randint(0, len(SUBJECTS), (n,))
        labels[torch.rand(n) < 0.06] = NOTHING
        picks = [self.by[k][int(torch.randint(0, len(self.by[k]), ()))] for k in labels.tolist()]
        return torch.stack([self.x[s][i] for s, i in picks]).float() / 127.5 - 1, labels


class Labelled:
    """Sides of illusions that an eye has labelled (labelled/labels.json); those held out never come."""

    def __init__(self, folder):
        rows = json.loads((Path(folder) / 'labels.json').read_text())
        sheet = torch.from_numpy(np.array(Image.open(Path(folder) / 'illusions.webp').convert('RGB'))).permute(2, 0, 1)
        self.seen = []
        for i, row in enumerate(rows):
            y, x = 64 * (i // 16), 64 * (i % 16)
            picture = sheet[:, y:y + 64, x:x + 64].float() / 127.5 - 1
            if row['half'] == 0:
                self.seen += [(side, subject_asked(prompt), label / 2) for side, prompt, label in zip(sides(row, picture), row['params']['prompts'], row['labels'])]

    def draw(self, n):
        """Pictures, how readable each subject is in them, and where that counts: that of the side whole, that of all others a little."""
        picks = [self.seen[k] for k in torch.randint(0, len(self.seen), (n,)).tolist()]
        wanted, counts = torch.zeros(n, len(SUBJECTS)), torch.full((n, len(SUBJECTS)), 0.1)
        for i, (_, subject, label) in enumerate(picks):
            wanted[i, subject], counts[i, subject] = label, 1
        return seen(nudged(torch.stack([x for x, _, _ in picks]))), wanted, counts


def subject_asked(prompt):
    """The subject with the longest word that the prompt holds."""
    text = f" {re.sub(r'[^a-z-]+', ' ', prompt.lower())} "
    return SUBJECTS.index(max((len(word), name) for name, words in WORDS.items() for word in words if f' {word} ' in text)[1])


def sides(row, picture):
    """A labelled picture [3, 64, 64] as each of its sides is seen."""
    if row['experiment'] != 'illusion':
        return [blurred(picture[None], 2.0)[0], picture]
    y, x = torch.meshgrid(torch.arange(64) - 31.5, torch.arange(64) - 31.5, indexing='ij')
    views = {
        'identity': lambda p: p, 'flip': lambda p: p.flip(1), 'rotate180': lambda p: p.flip(1, 2), 'rotate_cw': lambda p: p.rot90(-1, (1, 2)),
        'rotate_ccw': lambda p: p.rot90(1, (1, 2)), 'negate': lambda p: -p, 'inner_circle': lambda p: torch.where(torch.hypot(y, x) <= 24, p.flip(1, 2), p),
    }
    return [views[view](picture) for view in row['params']['views']]


def targets(labels):
    """[n, S]: 1 for what is shown; and what counts: 0 where nobody knows."""
    wanted, counts = torch.zeros(len(labels), len(SUBJECTS)), torch.ones(len(labels), len(SUBJECTS))
    for i, k in enumerate(labels.tolist()):
        if k == NOTHING:
            continue
        wanted[i, k] = 1
        for name in ALSO.get(SUBJECTS[k], []):
            wanted[i, SUBJECTS.index(name)] = 1
        for name in PERHAPS.get(SUBJECTS[k], '').split():
            counts[i, SUBJECTS.index(name)] = 0
    return wanted, counts


def moved(x):
    """Turned by a little, larger or smaller, shifted, mirrored."""
    n = len(x)
    angle, scale = (torch.rand(n) - 0.5) * 0.4, 0.75 + 0.4 * torch.rand(n)
    shift, mirror = (torch.rand(n, 2) - 0.5) * 0.3, torch.where(torch.rand(n) < 0.5, -1.0, 1.0)
    cos, sin = scale * angle.cos(), scale * angle.sin()
    theta = torch.stack([torch.stack([cos * mirror, -sin, shift[:, 0]], 1), torch.stack([sin * mirror, cos, shift[:, 1]], 1)], 1)
    return F.grid_sample(x, F.affine_grid(theta, x.shape, align_corners=False), padding_mode='reflection', align_corners=False)


def nudged(x):
    """Shifted by up to four pixels, and mirrored."""
    dy, dx = torch.randint(-4, 5, (2,)).tolist()
    x = F.pad(x, (4, 4, 4, 4), 'replicate')[:, :, 4 + dy:68 + dy, 4 + dx:68 + dx]
    return torch.where(torch.rand(len(x), 1, 1, 1) < 0.5, x.flip(3), x)


def blurred(x, sigma):
    if sigma < 0.3:
        return x
    places = torch.arange(x.shape[-1]).float()
    k = torch.exp(-(places[:, None] - places) ** 2 / 2 / sigma ** 2)
    k = k / k.sum(1, keepdim=True)
    return k @ x @ k.T


def turned(x):
    """Each upside down, on its side or flipped."""
    how = torch.randint(0, 4, (len(x),))
    return torch.stack([(p.flip(1), p.rot90(2, (1, 2)), p.rot90(1, (1, 2)), p.rot90(3, (1, 2)))[h] for p, h in zip(x, how.tolist())])


def shuffled(x, tiles):
    n, c, s = len(x), 3, 64 // tiles
    parts = x.view(n, c, tiles, s, tiles, s).permute(0, 2, 4, 1, 3, 5).reshape(n, tiles * tiles, c, s, s)
    order = torch.rand(n, tiles * tiles).argsort(1)
    parts = parts.gather(1, order.view(n, -1, 1, 1, 1).expand_as(parts))
    return parts.view(n, tiles, tiles, c, s, s).permute(0, 3, 1, 4, 2, 5).reshape(x.shape)


def visible(share):
    """How readable a picture is that has this share of another's place: not at all below 0.2, whole above 0.8."""
    t = ((share - 0.2) / 0.6).clamp(0, 1)
    return t * t * (3 - 2 * t)


def mixed(x, other):
    """Two pictures in one, in one of several ways, and the share that each has of it [n, 1]."""
    n = len(x)
    a = 0.15 + 0.7 * torch.rand(n, 1, 1, 1)
    way = int(torch.randint(0, 6, ()))
    if way < 2:
        y = (a * x + (1 - a) * other) * (1 + 0.5 * torch.rand(n, 1, 1, 1))
    elif way == 2:
        field = F.interpolate(torch.randn(n, 1, 5, 5), size=(64, 64), mode='bicubic')
        place = ((field + torch.special.ndtri(a).clamp(-1.2, 1.2) * 0.8) * 4).sigmoid()
        y, a = place * x + (1 - place) * other, place.mean((2, 3), keepdim=True)
    elif way == 3:
        y, a = (torch.minimum if torch.rand(()) < 0.5 else torch.maximum)(x, other), torch.full((n, 1, 1, 1), 0.5)
    elif way == 4:
        sigma = float(torch.empty(()).uniform_(1, 3))
        y, a = blurred(x, sigma) + other - blurred(other, sigma), torch.full((n, 1, 1, 1), 0.55)
    else:
        # the grey of one, the colour of the other
        y, a = x.mean(1, keepdim=True) + other - other.mean(1, keepdim=True), torch.full((n, 1, 1, 1), 0.75)
    return y.clamp(-1.2, 1.2), a.view(n, 1)


def disguised(x, labels):
    """A batch as the judge meets it: pictures [n, 3, 64, 64], how readable each subject is in them [n, S], and where that counts."""
    wanted, counts = targets(labels)
    x = moved(x)
    n = len(x)
    # the first eighth is spoilt, the next half is two in one, the rest is whole
    spoilt, pairs = n // 8, n * 5 // 8
    round_ = torch.tensor([name in ROUND for name in SUBJECTS])
    third = spoilt // 3
    x[:third] = turned(x[:third])
    wanted[:third] = torch.where(round_, wanted[:third], wanted[:third] * 0.1)
    counts[:third] *= torch.where(round_ & (wanted[:third] > 0), 0.0, 1.0)
    x[third:2 * third] = shuffled(x[third:2 * third], 4 if torch.rand(()) < 0.5 else 8)
    wanted[third:2 * third] *= 0.05
    x[2 * third:spoilt] = blurred(x[2 * third:spoilt], float(torch.empty(()).uniform_(5, 8)))
    wanted[2 * third:spoilt] *= 0.15
    # the other one of a pair is turned, as in an anagram, or stands upright
    a, others = x[spoilt:pairs].clone(), torch.randperm(pairs - spoilt)
    b, b_wanted, b_counts = a[others], wanted[spoilt:pairs][others], counts[spoilt:pairs][others]
    upright = torch.rand(len(a)) < 0.25
    b = torch.where(upright.view(-1, 1, 1, 1), b, turned(b))
    b_seen = torch.where(upright.view(-1, 1) | round_, b_wanted, b_wanted * 0.1)
    step = (len(a) + 3) // 4
    for k in range(0, len(a), step):
        part = slice(k, k + step)
        y, share = mixed(a[part], b[part])
        x[spoilt:pairs][part] = y
        wanted[spoilt:pairs][part] = torch.maximum(wanted[spoilt:pairs][part] * visible(share), b_seen[part] * visible(1 - share))
        counts[spoilt:pairs][part] *= b_counts[part]
    return seen(x), wanted, counts


def seen(x):
    """Softer, noisier, with less contrast or without colour: what must not matter."""
    n = len(x)
    grey = torch.where(torch.rand(n, 1, 1, 1) < 0.3, 1.0, 0.6 * torch.rand(n, 1, 1, 1))
    x = torch.lerp(x, x.mean(1, keepdim=True).expand_as(x), grey)
    x = x * (0.6 + 0.7 * torch.rand(n, 1, 1, 1)) * (0.85 + 0.3 * torch.rand(n, 3, 1, 1)) + 0.2 * torch.randn(n, 1, 1, 1) + 0.08 * torch.randn(n, 3, 1, 1)
    quarter = (n + 3) // 4
    order = torch.randperm(n)
    for k, sigma in enumerate((0, 0, 0.8, 1.8)):
        part = order[k * quarter:(k + 1) * quarter]
        x[part] = blurred(x[part], sigma)
    # grain of several sizes, as samples of few steps have it
    grain = torch.randn_like(x) + 2 * F.interpolate(torch.randn(n, 3, 32, 32), scale_factor=2.0, mode='bilinear')
    return (x + grain * 0.06 * torch.rand(n, 1, 1, 1) ** 2).clamp(-1, 1)
