import torch

from common.draw import Redraw
from common.op import op


@op("concat")
def concat(d):
    shape = d.shape(1, 5)
    axis = d.integer(0, len(shape) - 1)
    parts = []
    for _ in range(d.integer(2, 4)):
        part = list(shape)
        part[axis] = d.integer(1, 7)
        if torch.Size(part).numel() > max(d.limit, 30000):
            raise Redraw
        parts.append(d.normal(part))
    return parts, {"axis": axis}, lambda *t: torch.cat(t, axis)
