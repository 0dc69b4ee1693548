import torch

from common.op import op


@op("zeros_like")
def zeros_like(d):
    return [d.normal(d.shape(0, 5), d.scale())], {}, lambda x: x + torch.zeros_like(x)
