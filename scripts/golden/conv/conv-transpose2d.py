import torch.nn.functional as F

from common.convs import channels, numel
from common.draw import Redraw
from common.images import four_sides
from common.op import op


@op("conv_transpose2d")
def conv_transpose2d(d):
    kernel = [d.pick([1, 2, 3, 3, 4, 5, 7]), d.pick([1, 2, 3, 3, 4, 5, 7])]
    stride = [d.pick([1, 2, 2, 3, 4]), d.pick([1, 2, 2, 3, 4])]
    dilation = [d.pick([1, 1, 2, 3]), d.pick([1, 1, 2, 3])]
    if d.flag():
        kernel[1], stride, dilation = kernel[0], [2, 2], [1, 1]
    if d.chance(0.2):
        kernel, stride, dilation = [d.pick([1, 3, 3])] * 2, [1, 1], [1, 1]
    groups, per_in, per_out = channels(d)
    shape = d.image(1, 17, channels=groups * per_in)
    full = [(n - 1) * s + r * (k - 1) + 1 for n, s, r, k in zip(shape[2:], stride, dilation, kernel)]
    extra = [d.integer(0, max(s, r) - 1) for s, r in zip(stride, dilation)]
    top, bottom, left, right = padding = four_sides(d, [min(4, r * k) for r, k in zip(dilation, kernel)])
    size = [full[0] + extra[0] - top - bottom, full[1] + extra[1] - left - right]
    if min(size) < 1:
        raise Redraw
    weight = [groups * per_in, per_out, *kernel]
    if shape[0] * groups * per_out * size[0] * size[1] > 4 * d.limit or numel(weight) > d.limit:
        raise Redraw
    scale = d.scale()
    inputs = [d.normal(shape, scale), d.normal(weight, d.scale((1e-3, 1e2)))]
    if d.flag():
        inputs.append(d.normal([groups * per_out], scale))

    def run(x, w, b=None):
        if top == bottom and left == right:
            return F.conv_transpose2d(x, w, b, stride, [top, left], extra, groups, dilation)
        # PyTorch pads both sides alike: cut the whole result by hand.
        whole = F.pad(F.conv_transpose2d(x, w, None, stride, 0, 0, groups, dilation), [0, extra[1], 0, extra[0]])
        cut = whole[:, :, top : top + size[0], left : left + size[1]]
        return cut if b is None else cut + b.reshape([1, -1, 1, 1])

    attrs = {"stride": stride, "padding": padding, "output_padding": extra, "dilation": dilation, "groups": groups}
    return inputs, attrs, run
