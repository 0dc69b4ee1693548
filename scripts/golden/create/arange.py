import torch

from common.draw import Redraw
from common.op import op


@op("arange", constant=[0])
def arange(d):
    step = d.pick([1.0, 1.0, 2.0, 0.5, 0.1, 1 / 3, -1.0, -0.75])
    start = d.integer(-40, 40) / d.pick([1, 1, 4])
    end = start + step * d.integer(1, 4 * d.limit if d.chance(0.1) else min(60, d.limit)) + step * d.pick([0.0, 0.0, 0.25])
    attrs = {"end": end, "start": start, "step": step}
    if d.chance(0.3):
        if end <= 0:
            raise Redraw
        attrs = {"end": end}
    run = lambda x: torch.arange(attrs.get("start", 0), end, attrs.get("step", 1), dtype=x.dtype)
    return [d.exact(1.0)], attrs, run
