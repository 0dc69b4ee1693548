"""conv1d, conv3d, transposed conv2d, padding by reflection and repetition, unfold and fold."""
import torch
import torch.nn.functional as F

from common.draw import Redraw
from common.images import check_fits, four_sides


def numel(shape):
    return torch.Size(shape).numel()


def channels(d):
    """(groups, input channels of one, output channels of one); one draw in five is depthwise, with odd counts and several outputs each."""
    if d.chance(0.2):
        return d.pick([2, 3, 5, 7]), 1, d.pick([1, 2, 3])
    return d.pick([1, 1, 1, 2, 3]), d.pick([1, 1, 2, 3, 5, 8]), d.pick([1, 2, 3, 5])


def along(d, axes, kernels, strides, dilations):
    """Kernel, stride, dilation and [before, after] padding of each axis."""
    kernel = [d.pick(kernels) for _ in range(axes)]
    stride = [d.pick(strides) for _ in range(axes)]
    dilation = [d.pick(dilations) for _ in range(axes)]
    extent = [1 + r * (k - 1) for r, k in zip(dilation, kernel)]
    pads = []
    for e in extent:
        before = d.integer(0, min(5, e))
        pads += [before, before if d.flag() else d.integer(0, min(5, e))]
    return kernel, stride, dilation, extent, pads


def convolution(d, axes, function, kernels, size):
    kernel, stride, dilation, extent, pads = along(d, axes, kernels, [1, 1, 2, 3], [1, 1, 2, 3])
    groups, per_in, per_out = channels(d)
    shape = [d.pick([1, 1, 2, 3]), groups * per_in] + [d.integer(1, size) for _ in range(axes)]
    if any(n + p + q < e for n, p, q, e in zip(shape[2:], pads[0::2], pads[1::2], extent)):
        raise Redraw
    weight = [groups * per_out, per_in, *kernel]
    if numel(shape) * numel(weight) // groups > 3_000_000 or max(numel(shape), numel(weight)) > 2 * d.limit:
        raise Redraw
    scale = d.scale()
    inputs = [d.normal(shape, scale), d.normal(weight, d.scale((1e-3, 1e2)))]
    if d.flag():
        inputs.append(d.normal([weight[0]], scale))
    flat = [n for i in reversed(range(axes)) for n in pads[2 * i : 2 * i + 2]]
    run = lambda x, w, b=None: function(F.pad(x, flat), w, b, stride, 0, dilation, groups)
    one = lambda v: v[0] if axes == 1 else v
    return inputs, {"stride": one(stride), "padding": pads, "dilation": one(dilation), "groups": groups}, run


def padded(d, mode):
    """The last one to three axes of an image or a volume, as PyTorch has it; at times an axis before them as well."""
    rank, axes = d.pick([(2, 1), (3, 1), (3, 2), (4, 2), (4, 2), (4, 2), (4, 3), (5, 3)])
    while True:
        shape = [d.integer(1, 3) for _ in range(rank - axes)] + [d.integer(1, d.pick([4, 14, 40])) for _ in range(axes)]
        if numel(shape) <= d.limit:
            break
    if d.chance(0.05) and axes == 2:
        shape[-2:] = [d.integer(60, 140), d.integer(60, 140)]
    most = lambda n: n - 1 if mode == "reflect" else n + 2
    pads = [[0, 0]] * (rank - axes) + [[d.integer(0, min(9, most(n))), d.integer(0, min(9, most(n)))] for n in shape[rank - axes :]]
    padded_shape = [n + p + q for n, (p, q) in zip(shape, pads)]
    if numel(padded_shape) > 8 * d.limit:
        raise Redraw
    flat = [n for pair in reversed(pads[rank - axes :]) for n in pair]
    # PyTorch wants axes + 1 or axes + 2 axes.
    lead = [1] * max(0, axes + 1 - rank)
    run = lambda x: F.pad(x.reshape(lead + shape), flat, mode=mode).reshape(padded_shape)
    return [d.normal(shape, d.scale())], {"pads": pads}, run


def columns(d):
    kernel = [d.integer(1, 5), d.integer(1, 5)]
    stride, dilation = [d.integer(1, 4), d.integer(1, 4)], [d.pick([1, 1, 2, 3]), d.pick([1, 1, 2, 3])]
    extent = [1 + r * (k - 1) for r, k in zip(dilation, kernel)]
    shape = d.image(1, 24)
    padding = four_sides(d, [min(5, e) for e in extent])
    check_fits(shape, padding, extent)
    top, bottom, left, right = padding
    size = [shape[2] + top + bottom, shape[3] + left + right]
    count = 1
    for n, e, s in zip(size, extent, stride):
        count *= (n - e) // s + 1
    entries = [shape[0], shape[1] * kernel[0] * kernel[1], count]
    if numel(entries) > 8 * d.limit:
        raise Redraw
    attrs = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    return shape, size, entries, attrs
