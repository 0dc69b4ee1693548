import torch

from common.indexing import some_axis
from common.op import op


@op("topk")
def topk(d):
    shape = d.shape(1, 5)
    axis, at = some_axis(d, shape)
    k, largest = d.integer(1, shape[at]), d.flag()
    # PyTorch does not say which of equals it takes: none here.
    x = d.exact(d.rng.permutation(torch.Size(shape).numel()).reshape(shape) / 16 - 8)
    return [x], {"k": k, "axis": axis, "largest": largest}, lambda t: torch.topk(t, k, axis, largest)[0]
