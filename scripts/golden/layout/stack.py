import torch

from common.op import op


@op("stack")
def stack(d):
    shape = d.shape(0, 4)
    axis = d.integer(-len(shape) - 1, len(shape))
    parts = [d.normal(shape) for _ in range(d.integer(1, 4))]
    return parts, {"axis": axis}, lambda *t: torch.stack(t, axis)
