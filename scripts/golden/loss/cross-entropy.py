import torch.nn.functional as F

from common.draw import Redraw
from common.landmark_losses import channels, targets
from common.op import op


@op("cross_entropy", constant=[1])
def cross_entropy(d):
    shape, reduction = channels(d), d.pick(["mean", "sum", "none", "batchmean"])
    if shape[1] == 1:
        raise Redraw  # log_softmax of one class is 0
    z = d.exact(d.normal(shape, d.pick([0.1, 1.0, 4.0, 15.0])) + d.pick([0.0, 0.0, 300.0]))

    def run(a, b):
        if reduction == "batchmean":
            return F.cross_entropy(a, b, reduction="sum") / shape[0]
        return F.cross_entropy(a, b, reduction=reduction)

    return [z, targets(d, shape)], {"reduction": reduction}, run
