import torch

from common.op import op


@op("where", constant=[0])
def where(d):
    shape = d.shape(0, 5)
    a, b = d.broadcast(shape)
    condition = [1 if d.chance(0.2) else n for n in shape][d.integer(0, len(shape)) if d.chance(0.3) else 0 :]
    values = [d.exact(d.rng.random(condition) < d.pick([0.2, 0.5, 0.8])), d.normal(a, d.scale()), d.normal(b, d.scale())]
    return values, {}, lambda c, x, y: torch.where(c != 0, x, y)
