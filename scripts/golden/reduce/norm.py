import torch

from common.draw import f32
from common.op import op


@op("norm")
def norm(d):
    shape = d.shape(1, 5)
    axes, keepdim = d.axes(len(shape)), d.flag()
    p = d.pick([1.0, 2.0, 2.0, 3.0, 0.5, 1.5, f32(2.3), "inf", "-inf", 7.0])
    x = d.normal(shape, d.scale())
    if d.chance(0.2):
        x = x * (d.rng.random(shape) >= 0.2)
    run = lambda t: torch.linalg.vector_norm(t, float(p), dim=axes, keepdim=keepdim)
    return [x], {"axes": axes, "keepdim": keepdim, "p": p}, run
