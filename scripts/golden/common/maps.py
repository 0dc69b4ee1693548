"""Softmax, soft-argmax, Gaussian heat-maps and the cross-entropy over a map."""
import torch

from common.draw import Redraw
from common.op import op


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
