import torch

from common.indexing import some_axis
from common.op import op


@op("sort")
def sort(d):
    shape = d.shape(1, 5)
    axis, _ = some_axis(d, shape)
    descending = d.flag()
    x = d.ties(shape) if d.chance(0.4) else d.normal(shape, d.scale())
    # Where equal entries stood shows in the gradient.
    run = lambda t: torch.sort(t, stable=True, dim=axis, descending=descending)[0]
    return [x], {"axis": axis, "descending": descending}, run
