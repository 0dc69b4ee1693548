"""Comparisons, where, more curves, ops along an axis, what indices name, and what only rearranges."""
import numpy as np
import torch

from common.draw import Redraw
from common.op import op
from common.pointwise import binary, tied


def angles(d, shape):
    """Radians: a few turns, many turns, near whole quarter turns, and numbers so large that their unit is many turns."""
    kind = d.integer(0, 5)
    if kind == 0:
        return d.uniform(shape, -1000, 1000)
    if kind == 1:
        return d.exact(d.rng.integers(-300, 300, shape) * (np.pi / 2))
    if kind == 2:
        return d.exact(d.rng.choice([-1.0, 1.0], shape) * np.exp(d.rng.uniform(-30, 80, shape)))
    return d.uniform(shape, -7, 7)


def compared(name, function):
    binary(name, lambda a, b: function(a, b).double(), tied, constant=[0, 1])


def some_axis(d, shape):
    """An axis as the op is given it, which may count from the end, and as it is."""
    axis = d.integer(0, len(shape) - 1)
    return (axis - len(shape) if d.flag() else axis), axis


def place_of(name, function):
    @op(name, constant=[0])
    def make(d):
        shape = d.shape(1, 5)
        axis, _ = some_axis(d, shape)
        keepdim = d.flag()
        x = d.ties(shape) if d.chance(0.4) else d.normal(shape, d.scale())
        return [x], {"axis": axis, "keepdim": keepdim}, lambda t: function(t, dim=axis, keepdim=keepdim).double()


def indices(d, shape, size):
    """Integers below size: all alike at times, so that many meet at one place."""
    few = max(1, size // 4) if d.chance(0.2) else size
    return d.exact(d.rng.integers(0, few, shape))


def index_shape(d, shape, at):
    """The shape of an index for an array of `shape`: any length along the axis, at times smaller beside it."""
    index = [d.integer(1, n) if d.chance(0.2) else n for n in shape]
    index[at] = d.integer(1, 2 * shape[at] + 2)
    if torch.Size(index).numel() > 30000:
        raise Redraw
    return index
