import torch

from common.op import op


@op("flip")
def flip(d):
    shape = d.shape(1, 5)
    axes = [a - len(shape) if d.chance(0.3) else a for a in d.axes(len(shape))]
    return [d.normal(shape, d.scale())], {"axes": axes}, lambda x: torch.flip(x, axes)
