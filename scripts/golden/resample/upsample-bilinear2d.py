import torch.nn.functional as F

from common.images import new_size, small_enough
from common.op import op


@op("upsample_bilinear2d")
def upsample_bilinear2d(d):
    shape = d.image(1, 17)
    size = new_size(d, shape)
    small_enough(d, shape, size)
    corners = d.flag()
    run = lambda x: F.interpolate(x, size=size, mode="bilinear", align_corners=corners)
    return [d.normal(shape, d.scale())], {"size": size, "align_corners": corners}, run
