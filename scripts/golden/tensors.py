"""Reductions, matmul and the ops that only move values."""
import torch
import torch.nn.functional as F

from draw import Redraw
from pointwise import op


def reduction(name, function, ties=False):
    @op(name)
    def make(d):
        shape = d.shape(1, 5)
        axes, keepdim = d.axes(len(shape)), d.flag()
        x = d.ties(shape) if ties and d.chance(0.4) else d.normal(shape, d.scale())
        return [x], {"axes": axes, "keepdim": keepdim}, lambda t: function(t, dim=axes, keepdim=keepdim)


reduction("sum", torch.sum)
reduction("mean", torch.mean)
reduction("max", torch.amax, ties=True)
reduction("min", torch.amin, ties=True)


@op("variance")
def variance(d):
    shape = d.shape(1, 5)
    axes, keepdim, correction = d.axes(len(shape)), d.flag(), d.pick([0, 1])
    length = 1
    for axis in axes:
        length *= shape[axis]
    if length < 2:
        raise Redraw
    # A mean far from 0, in deviations: not so far that its rounding to float32 is itself a deviation.
    offset = d.pick([1.0, 30.0]) if d.chance(0.3) else 0.0
    x = d.exact((d.normal(shape) + offset) * d.scale())
    attrs = {"axes": axes, "keepdim": keepdim, "correction": correction}
    return [x], attrs, lambda t: torch.var(t, dim=axes, keepdim=keepdim, correction=correction)


@op("matmul")
def matmul(d):
    # Some kernels move four numbers at a time.
    fours = [4, 8, 12, 16, 20, 32, 36, 64, 100]
    sizes = fours if d.chance(1 / 3) else [1, 2, 3, 5, 7, 8, 13, 16, 17, 31, 33, 64, 67]
    m, k, n = (d.pick(sizes) for _ in range(3))
    a, b = d.broadcast([d.pick([1, 2, 3]) for _ in range(d.integer(0, 2))])
    ta, tb = d.flag(), d.flag()
    a, b = a + ([k, m] if ta else [m, k]), b + ([n, k] if tb else [k, n])
    if max(torch.Size(a).numel(), torch.Size(b).numel(), m * n) > d.limit:
        raise Redraw
    attrs = {"transpose_a": ta, "transpose_b": tb}
    flip = lambda t, yes: t.mT if yes else t
    return [d.normal(a, d.scale()), d.normal(b, d.scale())], attrs, lambda x, y: flip(x, ta) @ flip(y, tb)


@op("reshape")
def reshape(d):
    shape = d.shape(1, 5)
    factors = []
    for n in shape:
        f = 2
        while n > 1:
            while n % f:
                f += 1
            factors.append(f)
            n //= f
    d.rng.shuffle(factors)
    new = [1] * d.integer(1, 5)
    for f in factors:
        new[d.integer(0, len(new) - 1)] *= int(f)
    return [d.normal(shape, d.scale())], {"shape": new}, lambda x: x.reshape(new)


@op("permute")
def permute(d):
    shape = d.shape(2, 5)
    perm = [int(i) for i in d.rng.permutation(len(shape))]
    return [d.normal(shape, d.scale())], {"perm": perm}, lambda x: x.permute(perm)


@op("slice")
def slice_(d):
    shape = d.shape(1, 5)
    starts = [d.integer(0, n - 1) for n in shape]
    ends = [d.integer(s + 1, n) for s, n in zip(starts, shape)]
    cut = tuple(slice(s, e) for s, e in zip(starts, ends))
    return [d.normal(shape, d.scale())], {"starts": starts, "ends": ends}, lambda x: x[cut]


@op("concat")
def concat(d):
    shape = d.shape(1, 5)
    axis = d.integer(0, len(shape) - 1)
    parts = []
    for _ in range(d.integer(2, 4)):
        part = list(shape)
        part[axis] = d.integer(1, 7)
        if torch.Size(part).numel() > max(d.limit, 30000):
            raise Redraw
        parts.append(d.normal(part))
    return parts, {"axis": axis}, lambda *t: torch.cat(t, axis)


@op("pad")
def pad(d):
    shape = d.shape(1, 5, large=False)
    pads = [[d.integer(0, 3), d.integer(0, 3)] if d.chance(0.6) else [0, 0] for _ in shape]
    value = d.pick([0.0, 0.0, 1.5, -2.25])
    flat = [n for pair in reversed(pads) for n in pair]
    if torch.Size([n + p + q for n, (p, q) in zip(shape, pads)]).numel() > 4 * d.limit:
        raise Redraw
    return [d.normal(shape, d.scale())], {"pads": pads, "value": value}, lambda x: F.pad(x, flat, value=value)
