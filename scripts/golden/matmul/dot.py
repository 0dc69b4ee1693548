import torch

from common.op import op


@op("dot")
def dot(d):
    n = d.integer(1, 4 * d.limit if d.chance(0.1) else min(60, d.limit))
    return [d.normal([n], d.scale()), d.normal([n], d.scale())], {}, torch.dot
