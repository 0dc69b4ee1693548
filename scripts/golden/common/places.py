"""Soft-argmax of profiles, maps and volumes on the grids of four conventions, and its moments."""
import torch

from common.draw import Redraw, f32
from common.op import op


def grid(convention, n):
    j = torch.arange(n, dtype=torch.float64)
    if convention == "kneel":
        return j / n
    if convention == "dsnt":
        return (2 * j + 1) / n - 1
    if convention == "linspace":
        return torch.linspace(-1, 1, n, dtype=torch.float64)
    return j


def drawn(d, sizes):
    n, k = d.pick([1, 1, 2, 3]), d.pick([1, 1, 2, 3, 5])
    shape = [n, k, *sizes]
    if torch.Size(shape).numel() > 4 * d.limit or torch.Size(sizes).numel() < 2:
        raise Redraw
    h = d.uniform(shape, 0, 1) if d.flag() else d.normal(shape)
    attrs = {"beta": f32(d.pick([0.5, 1, 1, 5, 10, 30]))}
    if d.chance(0.8):
        attrs["convention"] = d.pick(["pixel", "kneel", "dsnt", "linspace"])
    return h, attrs


def probabilities(t, beta):
    return torch.softmax((beta * t).flatten(2), -1).reshape(t.shape)


def expected(p, sizes, convention):
    """Means along each axis, the last axis (columns) first."""
    out = []
    for axis in range(len(sizes) - 1, -1, -1):
        others = [2 + a for a in range(len(sizes)) if a != axis]
        line = p.sum(others) if others else p
        out.append((line * grid(convention, sizes[axis])).sum(-1))
    return torch.stack(out, -1)


def soft_argmax(name, sides):
    @op(name)
    def make(d):
        sizes = sides(d)
        h, attrs = drawn(d, sizes)
        return [h], attrs, lambda t: expected(probabilities(t, attrs["beta"]), sizes, attrs.get("convention"))


def side(d, high):
    """Small where only small samples are wanted."""
    return d.integer(1, high if d.limit >= 1024 else 5)
