import torch

from common.op import op


@op("linspace", constant=[0])
def linspace(d):
    start, end = float(d.normal([], d.pick([1, 1, 1e5]))), float(d.normal([], d.pick([1, 1, 1e-3])))
    steps = d.integer(1, 4 * d.limit if d.chance(0.1) else min(60, d.limit))
    attrs = {"start": start, "end": end, "steps": steps}
    return [d.exact(1.0)], attrs, lambda x: torch.linspace(start, end, steps, dtype=x.dtype)
