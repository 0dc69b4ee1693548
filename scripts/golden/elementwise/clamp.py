import torch

from common.op import op


@op("clamp")
def clamp(d):
    low, high = sorted([d.integer(-8, 8) / 4, d.integer(-8, 8) / 4])
    if low == high:
        high += 0.5
    attrs = {"min": low, "max": high}
    if d.chance(0.3):
        del attrs[d.pick(["min", "max"])]
    x = d.ties(d.shape(0, 5)) if d.chance(0.3) else d.normal(d.shape(0, 5), d.pick([1.0, 2.0]))
    return [x], attrs, lambda t: torch.clamp(t, attrs.get("min"), attrs.get("max"))
