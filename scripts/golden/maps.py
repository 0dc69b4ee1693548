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


@op("gaussian_heatmaps")
def gaussian_heatmaps(d):
    n, k, h, w = d.image(2, 40)
    room = 2.0 if d.chance(0.3) else 0.0
    low, high = [-room, -room], [w - 1 + room, h - 1 + room]
    points = d.exact(d.rng.uniform(low, high, [n, k, 2]))
    attrs = {"size": [h, w]}
    if d.chance(0.3):
        attrs["gamma"] = f32(d.pick([1, 100, 0.5]))
    gamma = attrs.get("gamma")

    def run(t, s):
        dx = torch.arange(w, dtype=t.dtype) - t[..., 0, None, None]
        dy = torch.arange(h, dtype=t.dtype)[:, None] - t[..., 1, None, None]
        s = s.reshape([-1, 1, 1])
        y = torch.exp(-(dx * dx + dy * dy) / (2 * s * s))
        return y if gamma is None else y * gamma / (2 * torch.pi * s * s)

    if d.flag():
        sigma = d.uniform(d.pick([[k], [k], [1], []]), 0.8, 8)
        return [points, sigma], attrs, run
    attrs["sigma"] = f32(d.pick([0.8, 1, 1.5, 2, 3, 5, 8]))
    return [points], attrs, lambda t: run(t, torch.tensor(attrs["sigma"], dtype=torch.float64))


@op("spatial_softmax_ce")
def spatial_softmax_ce(d):
    shape = d.image(2, 24)
    y = d.rng.random(shape) ** 8
    y = d.exact(y / y.sum((2, 3), keepdims=True))
    run = lambda a, b: -(b.detach() * over_axes(torch.log_softmax, a, [2, 3])).sum((2, 3)).mean()
    return [d.normal(shape, d.pick([0.1, 1.0, 4.0])), y], {}, run
