import torch

from common.maps import over_axes
from common.op import op


@op("spatial_softmax_ce", constant=[1])
def spatial_softmax_ce(d):
    shape = d.image(2, 24)
    y = d.rng.random(shape) ** 8
    y = d.exact(y / y.sum((2, 3), keepdims=True))
    run = lambda a, b: -(b.detach() * over_axes(torch.log_softmax, a, [2, 3])).sum((2, 3)).mean()
    return [d.normal(shape, d.pick([0.1, 1.0, 4.0])), y], {}, run
