"""conv2d, upsampling and batch norm."""
import torch
import torch.nn.functional as F

from draw import Redraw, nearest_is_exact, f32
from pointwise import op


def four_sides(d, reach):
    """[top, bottom, left, right], asymmetric in half of the draws; `reach` = largest (vertical, horizontal)."""
    v, h = reach
    if d.flag():
        y, x = d.integer(0, v), d.integer(0, h)
        return [y, y, x, x]
    return [d.integer(0, v), d.integer(0, v), d.integer(0, h), d.integer(0, h)]


def padded(x, padding, value=0.0):
    top, bottom, left, right = padding
    return F.pad(x, [left, right, top, bottom], value=value)


def check_fits(shape, padding, extent):
    top, bottom, left, right = padding
    if shape[2] + top + bottom < extent[0] or shape[3] + left + right < extent[1]:
        raise Redraw


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


def new_size(d, shape):
    if d.chance(0.4):
        factor = d.pick([2, 2, 3, 4, 8])
        return [shape[2] * factor, shape[3] * factor]
    return [d.integer(1, 33), d.integer(1, 33)]


def small_enough(d, shape, size):
    if shape[0] * shape[1] * size[0] * size[1] > 2 * d.limit:
        raise Redraw


@op("upsample_nearest2d")
def upsample_nearest2d(d):
    shape = d.image(1, 17)
    size = new_size(d, shape)
    small_enough(d, shape, size)
    run = lambda x: F.interpolate(x, size=size, mode="nearest")
    if not all(nearest_is_exact(n, m) for n, m in zip(shape[2:], size)):
        raise Redraw
    return [d.normal(shape, d.scale())], {"size": size}, run


@op("upsample_bilinear2d")
def upsample_bilinear2d(d):
    shape = d.image(1, 17)
    size = new_size(d, shape)
    small_enough(d, shape, size)
    corners = d.flag()
    run = lambda x: F.interpolate(x, size=size, mode="bilinear", align_corners=corners)
    return [d.normal(shape, d.scale())], {"size": size, "align_corners": corners}, run


@op("batch_norm")
def batch_norm(d):
    shape = d.image(1, 17) if d.chance(0.7) else [d.integer(2, 9), d.integer(1, 13), d.integer(1, 40)][: d.integer(2, 3)]
    training, eps = d.flag(), f32(d.pick([1e-5, 1e-3]))
    c = shape[1]
    if torch.Size(shape).numel() // c < 3 or torch.Size(shape).numel() > d.limit:
        raise Redraw
    offset = d.normal([1, c] + [1] * (len(shape) - 2), d.pick([0.0, 1.0, 10.0]))
    x = d.exact(d.normal(shape) * d.pick([1.0, 1.0, 0.1, 100.0]) + offset)
    inputs = [x, d.normal([c]), d.normal([c]), d.normal([c]), d.uniform([c], 0.2, 4)]
    run = lambda x, w, b, m, v: F.batch_norm(x, m.detach().clone(), v.detach().clone(), w, b, training, 0.1, eps)
    return inputs, {"training": training, "eps": eps}, run
