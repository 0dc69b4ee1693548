import torch

from common.op import op


@op("full")
def full(d):
    shape, value = d.shape(0, 5), d.integer(-40, 40) / 16 or 1.0
    return [d.normal(shape, d.scale())], {"value": value}, lambda x: x * torch.full(shape, value, dtype=x.dtype)
