import torch

from common.op import op


@op("ones")
def ones(d):
    shape = d.shape(0, 5)
    # With x: ones alone would be the same everywhere.
    return [d.normal(shape, d.scale())], {}, lambda x: x * torch.ones(shape, dtype=x.dtype)
