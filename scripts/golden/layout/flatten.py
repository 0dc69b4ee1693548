import torch

from common.op import op


@op("flatten")
def flatten(d):
    shape = d.shape(0, 5)
    x = d.normal(shape, d.scale())
    if len(shape) == 0 or d.chance(0.2):
        return [x], {}, torch.flatten
    start = d.integer(0, len(shape) - 1)
    end = d.integer(start, len(shape) - 1)
    start, end = (a - len(shape) if d.chance(0.3) else a for a in (start, end))
    return [x], {"start": start, "end": end}, lambda t: torch.flatten(t, start, end)
