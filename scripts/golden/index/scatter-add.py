import torch

from common.indexing import index_shape, indices, some_axis
from common.op import op


@op("scatter_add", constant=[1])
def scatter_add(d):
    shape = d.shape(1, 5)
    axis, at = some_axis(d, shape)
    inside = index_shape(d, shape, at)
    index = indices(d, inside, shape[at])
    src = [n + d.integer(0, 2) if d.chance(0.2) else n for n in inside]
    scale = d.scale()
    corner = tuple(slice(0, n) for n in inside)  # PyTorch has no gradient of a src larger than the index
    run = lambda x, i, s: torch.scatter_add(x, axis, i.long(), s[corner])
    return [d.normal(shape, scale), index, d.normal(src, scale)], {"axis": axis}, run
