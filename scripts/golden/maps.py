"""Softmax, soft-argmax, Gaussian heat-maps and the cross-entropy over a map."""
import torch

from draw import Redraw, f32
from pointwise import op


def over_axes(function, x, axes):
    """`function(t, dim)` over several axes taken together."""
    order = [a for a in range(x.dim()) if a not in axes] + axes
    moved = x.permute(order)
    flat = moved.flatten(x.dim() - len(axes))
    back = [order.index(a) for a in range(x.dim())]
    return function(flat, -1).reshape(moved.shape).permute(back)


def soft(name, function):
    @op(name)
    def make(d):
        shape = d.shape(1, 5)
        axes = d.axes(len(shape))
        if torch.Size([shape[a] for a in axes]).numel() < 2:
            raise Redraw
        x = d.exact(d.normal(shape, d.pick([0.01, 10.0, 20.0]) if d.chance(0.3) else 1.0) + d.pick([0.0, 0.0, 500.0]))
        return [x], {"axes": axes}, lambda t: over_axes(function, t, axes)


soft("softmax", torch.softmax)
soft("log_softmax", torch.log_softmax)


@op("soft_argmax2d")
def soft_argmax2d(d):
    shape = d.image(2, 40)
    h = d.uniform(shape, 0, 1) if d.flag() else d.normal(shape)
    beta = f32(d.pick([0.5, 1, 1, 5, 10, 30]))

    def run(t):
        p = torch.softmax((beta * t).flatten(2), -1).reshape(t.shape)
        x = (p.sum(2) * torch.arange(shape[3], dtype=t.dtype)).sum(-1)
        y = (p.sum(3) * torch.arange(shape[2], dtype=t.dtype)).sum(-1)
        return torch.stack([x, y], -1)

    return [h], {"beta": beta}, run


@op("gaussian_heatmaps")
def gaussian_heatmaps(d):
    n, k, h, w = d.image(2, 40)
    sigma = f32(d.pick([0.8, 1, 1.5, 2, 3, 5, 8]))
    room = 2.0 if d.chance(0.3) else 0.0
    low, high = [-room, -room], [w - 1 + room, h - 1 + room]
    points = d.exact(d.rng.uniform(low, high, [n, k, 2]))

    def run(t):
        dx = torch.arange(w, dtype=t.dtype) - t[..., 0, None, None]
        dy = torch.arange(h, dtype=t.dtype)[:, None] - t[..., 1, None, None]
        return torch.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma))

    return [points], {"size": [h, w], "sigma": sigma}, run


@op("spatial_softmax_ce")
def spatial_softmax_ce(d):
    shape = d.image(2, 24)
    y = d.rng.random(shape) ** 8
    y = d.exact(y / y.sum((2, 3), keepdims=True))
    run = lambda a, b: -(b.detach() * over_axes(torch.log_softmax, a, [2, 3])).sum((2, 3)).mean()
    return [d.normal(shape, d.pick([0.1, 1.0, 4.0])), y], {}, run
