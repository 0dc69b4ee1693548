"""Elementwise ops."""
import numpy as np
import torch

from common.op import op


def binary(name, function, values, constant=()):
    @op(name, constant)
    def make(d):
        a, b = d.broadcast(d.shape(0, 5))
        x, y = values(d, a, b)
        return [x, y], {}, function


def plain(d, a, b):
    return d.normal(a, d.scale()), d.normal(b, d.scale())


def tied(d, a, b):
    return (d.ties(a), d.ties(b)) if d.chance(0.4) else plain(d, a, b)


def unary(name, function, values, constant=()):
    @op(name, constant)
    def make(d):
        return [values(d, d.shape(0, 5))], {}, function


def any_value(d, shape):
    return d.ties(shape) if d.chance(0.2) else d.normal(shape, d.scale())


def bent(d, shape):
    """For curves that saturate: mostly where they bend, at times far out."""
    return d.uniform(shape, -60, 60) if d.chance(1 / 6) else d.uniform(shape, -5, 5)


def positive(d, shape):
    return d.away_from_one(shape, 1e-12, 1e12) if d.chance(1 / 6) else d.away_from_one(shape, 0.05, 20)


def of_torch(name):
    """An op of one tensor that has torch's name and meaning, at values of its domain: those outside change their sign."""
    function = getattr(torch, name, None)
    if function is None:
        raise SystemExit(f"torch has no function {name}: draw the op in scripts/golden/elementwise/{name.replace('_', '-')}.py")

    def values(d, shape):
        x = any_value(d, shape)
        return np.where(np.isfinite(function(torch.tensor(x)).numpy()), x, abs(x))

    unary(name, function, values)


def unrounded(d, shape):
    """Between whole numbers, on them, and halfway; at times where float32 has few numbers between."""
    kind = d.integer(0, 3)
    if kind == 0:
        return d.exact(d.rng.integers(-40, 41, shape) * 0.5)
    return d.normal(shape, d.pick([1e6, 1e9]) if kind == 1 else 5.0)


def holed(d, shape):
    """Numbers among NaN and infinities."""
    return np.where(d.rng.random(shape) < 0.5, d.normal(shape), d.rng.choice([np.nan, np.inf, -np.inf], shape))
