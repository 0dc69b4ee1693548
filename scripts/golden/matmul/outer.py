import torch

from common.op import op


@op("outer")
def outer(d):
    most = 60 if d.limit >= 1024 else 7
    return [d.normal([d.integer(1, most)], d.scale()), d.normal([d.integer(1, most)], d.scale())], {}, torch.outer
