import torch

from common.op import op


@op("roll")
def roll(d):
    shape = d.shape(1, 5)
    axes = d.axes(len(shape))
    shifts = [d.integer(-2 * shape[a], 2 * shape[a]) for a in axes]
    return [d.normal(shape, d.scale())], {"shifts": shifts, "axes": axes}, lambda x: torch.roll(x, shifts, axes)
