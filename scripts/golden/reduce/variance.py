import torch

from common.draw import Redraw
from common.op import op


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
