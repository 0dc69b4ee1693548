import torch

from common.op import op


@op("logsumexp")
def logsumexp(d):
    shape = d.shape(1, 5)
    axes, keepdim = d.axes(len(shape)), d.flag()
    x = d.exact(d.normal(shape, d.pick([0.01, 10.0]) if d.chance(0.3) else 1.0) + d.pick([0.0, 0.0, 500.0]))
    return [x], {"axes": axes, "keepdim": keepdim}, lambda t: torch.logsumexp(t, axes, keepdim)
