import torch

from common.indexing import some_axis
from common.op import op


@op("split")
def split(d):
    shape = d.shape(1, 5)
    axis, at = some_axis(d, shape)
    cuts = sorted(d.integer(0, shape[at]) for _ in range(d.integer(0, 3)))
    sizes = [b - a for a, b in zip([0, *cuts], [*cuts, shape[at]])]
    # One result that tells of every part: joined again in the opposite order.
    run = lambda x: torch.cat(torch.split(x, sizes, axis)[::-1], axis)
    return [d.normal(shape, d.scale())], {"sizes": sizes, "axis": axis}, run
