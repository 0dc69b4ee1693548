import torch

from common.op import op


@op("diag")
def diag(d):
    shape = d.shape(1, 1, large=False) if d.flag() else d.shape(2, 2)
    diagonal = d.integer(-3, 3) if len(shape) == 1 else d.integer(1 - shape[0], shape[1] - 1)
    attrs = {"diagonal": diagonal} if diagonal or d.flag() else {}
    return [d.normal(shape, d.scale())], attrs, lambda x: torch.diag(x, diagonal)
