import torch

from common.draw import Redraw
from common.indexing import some_axis
from common.op import op


@op("cosine_similarity")
def cosine_similarity(d):
    shape = d.shape(1, 5)
    axis, at = some_axis(d, shape)
    if shape[at] < 2:  # a line's cosine is 1 or -1, and its gradient 0
        raise Redraw
    a, b = d.broadcast(shape)
    last = at - len(shape)
    if any(len(s) < -last or s[last] == 1 for s in (a, b)):
        raise Redraw
    run = lambda x, y: torch.cosine_similarity(x, y, dim=axis)
    return [d.normal(a, d.scale()), d.normal(b, d.scale())], {"axis": axis}, run
