"""Resampling of lines, of images by cubic convolution, and of volumes."""
import torch
import torch.nn.functional as F

from common.draw import Redraw, nearest_is_exact
from common.op import op
from common.pools import spatial


def new_size(d, shape, high):
    if d.chance(0.4):
        factor = d.pick([2, 2, 3, 4, 16])
        size = [n * factor for n in shape[2:]]
    else:
        size = [n if d.chance(0.2) else d.integer(1, high) for n in shape[2:]]
    if shape[0] * shape[1] * torch.Size(size).numel() > 3 * d.limit:
        raise Redraw
    return size


def resampling(mode, axes, high):
    """Sides of up to `high`."""
    @op(f"upsample_{mode}{axes}d")
    def make(d):
        shape = spatial(d, axes, 1, high)
        size = new_size(d, shape, 2 * high)
        if mode == "nearest":
            if not all(nearest_is_exact(n, m) for n, m in zip(shape[2:], size)):
                raise Redraw
            return [d.normal(shape, d.scale())], {"size": size}, lambda x: F.interpolate(x, size=size, mode=mode)
        corners = d.flag()
        run = lambda x: F.interpolate(x, size=size, mode=mode, align_corners=corners)
        return [d.normal(shape, d.scale())], {"size": size, "align_corners": corners}, run
