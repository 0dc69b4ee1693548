import torch

from common.draw import Redraw, f32
from common.op import op


@op("cdist")
def cdist(d):
    p, r, m = d.integer(1, 30), d.integer(1, 30), d.pick([1, 2, 3, 3, 7, 16, 33, 65])
    a, b = d.broadcast([d.pick([1, 2, 3]) for _ in range(d.integer(0, 2))])
    power = d.pick([2.0, 2.0, 2.0, 1.0, 3.0, 1.5, f32(2.3), "inf"])
    if max(torch.Size([*a, p, m]).numel(), torch.Size([*b, r, m]).numel(), p * r) > d.limit:
        raise Redraw
    scale = d.scale()
    run = lambda x, y: torch.cdist(x, y, float(power), compute_mode="donot_use_mm_for_euclid_dist")
    return [d.normal([*a, p, m], scale), d.normal([*b, r, m], scale)], {"p": power}, run
