import torch

from common.op import op


@op("ones_like")
def ones_like(d):
    return [d.normal(d.shape(0, 5), d.scale())], {}, lambda x: x * torch.ones_like(x)
