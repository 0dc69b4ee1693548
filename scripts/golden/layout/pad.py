import torch
import torch.nn.functional as F

from common.draw import Redraw
from common.op import op


@op("pad")
def pad(d):
    shape = d.shape(1, 5, large=False)
    pads = [[d.integer(0, 3), d.integer(0, 3)] if d.chance(0.6) else [0, 0] for _ in shape]
    value = d.pick([0.0, 0.0, 1.5, -2.25])
    flat = [n for pair in reversed(pads) for n in pair]
    if torch.Size([n + p + q for n, (p, q) in zip(shape, pads)]).numel() > 4 * d.limit:
        raise Redraw
    return [d.normal(shape, d.scale())], {"pads": pads, "value": value}, lambda x: F.pad(x, flat, value=value)
