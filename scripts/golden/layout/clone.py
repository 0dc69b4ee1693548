import torch

from common.op import op


@op("clone")
def clone(d):
    return [d.normal(d.shape(0, 5), d.scale())], {}, torch.clone
