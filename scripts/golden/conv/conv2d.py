import torch
import torch.nn.functional as F

from common.draw import Redraw
from common.images import check_fits, four_sides
from common.op import op


def padded(x, padding, value=0.0):
    top, bottom, left, right = padding
    return F.pad(x, [left, right, top, bottom], value=value)


@op("conv2d")
def conv2d(d):
    kernel = [d.pick([1, 2, 3, 3, 4, 5, 7]), d.pick([1, 2, 3, 3, 4, 5, 7])]
    if d.flag():
        kernel[1] = kernel[0]
    stride = [d.pick([1, 1, 2, 3]), d.pick([1, 1, 2, 3])]
    dilation = [d.pick([1, 1, 2, 3, 4]), d.pick([1, 1, 2, 3, 4])]
    # Every third as most networks have it, so that kernels made for these sizes meet as many cases as the others.
    plain = d.chance(1 / 3)
    if plain:
        kernel, stride, dilation = [d.pick([1, 3, 3])] * 2, [1, 1], [1, 1]
    extent = [1 + dil * (k - 1) for dil, k in zip(dilation, kernel)]
    groups = d.pick([1, 1, 1, 2, 3, 4])
    per_in, per_out = d.pick([1, 1, 2, 3, 5, 8]), d.pick([1, 2, 3, 5])
    if plain:
        groups, per_in, per_out = d.pick([1, 1, 1, 2]), d.pick([1, 3, 8, 16, 33]), d.pick([1, 3, 8, 20])
    elif d.chance(0.2):
        groups, per_in = d.pick([2, 3, 5, 7]), 1
    shape = d.image(1, 24, channels=groups * per_in)
    padding = four_sides(d, [0 if plain and e == 1 else min(6, e) for e in extent])
    check_fits(shape, padding, extent)
    weight = [groups * per_out, per_in, *kernel]
    work = shape[0] * shape[2] * shape[3] * torch.Size(weight).numel()
    if work > 1_500_000 or torch.Size(weight).numel() > d.limit:
        raise Redraw
    scale = d.scale()
    inputs = [d.normal(shape, scale), d.normal(weight, d.scale((1e-3, 1e2)))]
    if d.flag():
        inputs.append(d.normal([weight[0]], scale))
    attrs = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    run = lambda x, w, b=None: F.conv2d(padded(x, padding), w, b, stride, 0, dilation, groups)
    return inputs, attrs, run
