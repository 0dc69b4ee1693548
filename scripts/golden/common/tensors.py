"""Reductions."""
import numpy as np
import torch

from common.draw import Redraw
from common.op import op


def reduction(name, function, ties=False):
    @op(name)
    def make(d):
        shape = d.shape(1, 5)
        axes, keepdim = d.axes(len(shape)), d.flag()
        x = d.ties(shape) if ties and d.chance(0.4) else d.normal(shape, d.scale())
        return [x], {"axes": axes, "keepdim": keepdim}, lambda t: function(t, dim=axes, keepdim=keepdim)


def spread(name, function):
    """Variance and what is made of it."""

    @op(name)
    def make(d):
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
        return [x], attrs, lambda t: function(t, dim=axes, keepdim=keepdim, correction=correction)


def truth(name, function, usual):
    """Groups of which about half hold what is not `usual` in them."""

    @op(name, constant=[0])
    def make(d):
        shape = d.shape(1, 5)
        axes, keepdim = d.axes(len(shape)), d.flag()
        length = torch.Size([shape[a] for a in axes]).numel()
        rare = d.rng.random(shape) < 0.7 / length
        value = d.pick([1.0, -2.5, 1e-30, np.nan])
        x = d.exact(np.where(rare != bool(usual), value, 0.0))
        return [x], {"axes": axes, "keepdim": keepdim}, lambda t: function(t, dim=tuple(axes), keepdim=keepdim).double()
