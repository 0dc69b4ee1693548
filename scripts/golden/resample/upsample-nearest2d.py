import torch.nn.functional as F

from common.draw import Redraw, nearest_is_exact
from common.images import new_size, small_enough
from common.op import op


@op("upsample_nearest2d")
def upsample_nearest2d(d):
    shape = d.image(1, 17)
    size = new_size(d, shape)
    small_enough(d, shape, size)
    run = lambda x: F.interpolate(x, size=size, mode="nearest")
    if not all(nearest_is_exact(n, m) for n, m in zip(shape[2:], size)):
        raise Redraw
    return [d.normal(shape, d.scale())], {"size": size}, run
