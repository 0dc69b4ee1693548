import torch

from common.draw import Redraw
from common.op import op


@op("prod")
def prod(d):
    shape = d.shape(1, 5)
    axes, keepdim = d.axes(len(shape)), d.flag()
    length = torch.Size([shape[a] for a in axes]).numel()
    # So that long products stay in float32.
    apart = min(1.0, 4 / length**0.5)
    x = d.rng.choice([-1.0, 1.0], shape) * 2 ** d.rng.uniform(-apart, apart, shape)
    if d.chance(0.4):
        x = x * (d.rng.random(shape) >= d.pick([0.5, 1.0, 2.0]) / length)

    def run(t):
        for axis in sorted(axes, reverse=True):
            t = torch.prod(t, axis, keepdim=keepdim)
        return t

    return [d.exact(x)], {"axes": axes, "keepdim": keepdim}, run
