import torch

from common.indexing import indices, some_axis
from common.op import op


@op("index_select", constant=[1])
def index_select(d):
    shape = d.shape(1, 5)
    axis, at = some_axis(d, shape)
    index = indices(d, [d.integer(1, 2 * shape[at] + 2)], shape[at])
    return [d.normal(shape, d.scale()), index], {"axis": axis}, lambda x, i: torch.index_select(x, axis, i.long())
