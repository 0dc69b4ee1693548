import torch

from common.op import op


@op("broadcast_to")
def broadcast_to(d):
    shape = d.shape(0, 5)
    x = [1 if d.chance(0.4) else n for n in shape][d.integer(0, len(shape)) if d.flag() else 0 :]
    return [d.normal(x, d.scale())], {"shape": shape}, lambda t: torch.broadcast_to(t, shape)
