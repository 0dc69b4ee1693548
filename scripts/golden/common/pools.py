"""Poolings of lines, images and volumes, and adaptive means."""
import torch
import torch.nn.functional as F

from common.draw import Redraw
from common.op import op

MAX = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}

ADAPTIVE = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d}


def line_pool(x, kernel, stride, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None):
    """avg_pool1d has no divisor: that of an image of one row."""
    if divisor_override is None:
        return F.avg_pool1d(x, kernel, stride, padding, ceil_mode, count_include_pad)
    return F.avg_pool2d(x[:, :, None], [1, *kernel], [1, *stride], divisor_override=divisor_override)[:, :, 0]


SUM = {1: line_pool, 2: F.avg_pool2d, 3: F.avg_pool3d}


def spatial(d, n, low, high):
    for _ in range(1000):
        shape = [d.pick([1, 1, 2, 3]), d.pick([1, 1, 2, 3, 5])] + [d.integer(low, high) for _ in range(n)]
        if torch.Size(shape).numel() <= 2 * d.limit:
            return shape
    raise Redraw


def window(d, n, dilated):
    """x's shape, kernel, stride, padding (before and after each axis), dilation, ceil mode."""
    kernel = [d.integer(1, 4 if n == 3 else 5) for _ in range(n)]
    stride = [d.integer(1, 4) for _ in range(n)]
    dilation = [d.pick([1, 1, 2, 3]) if dilated else 1 for _ in range(n)]
    shape = spatial(d, n, 1, [60, 24, 12][n - 1])
    if d.flag():
        padding = [p for k in kernel for p in [d.integer(0, k // 2)] * 2]
    else:
        padding = [p for k in kernel for p in (d.integer(0, k - 1), d.integer(0, k - 1))]
    for i in range(n):
        if shape[2 + i] + padding[2 * i] + padding[2 * i + 1] < 1 + dilation[i] * (kernel[i] - 1):
            raise Redraw
    return shape, kernel, stride, padding, dilation, d.flag()


def symmetric(kernel, padding):
    """PyTorch's own padding argument, where it can say it: equal sides of at most half a window."""
    before, after = padding[::2], padding[1::2]
    return before if before == after and all(2 * p <= k for p, k in zip(before, kernel)) else None


def filled(x, kernel, stride, padding, dilation, ceil, value):
    """x padded by hand, in ceil mode as far as the last window reaches."""
    flat = []
    for i in range(len(kernel)):
        before, after = padding[2 * i], padding[2 * i + 1]
        extent = 1 + dilation[i] * (kernel[i] - 1)
        steps = x.shape[2 + i] + before + after - extent
        count = steps // stride[i] + 1
        if ceil and steps % stride[i] and count * stride[i] < x.shape[2 + i] + before:
            after += count * stride[i] + extent - (x.shape[2 + i] + before + after)
        flat = [before, after] + flat
    return F.pad(x, flat, value=value)


def max_pool(n):
    @op(f"max_pool{n}d")
    def make(d):
        shape, kernel, stride, padding, dilation, ceil = window(d, n, True)
        own = symmetric(kernel, padding)

        def run(x):
            if own is not None:
                return MAX[n](x, kernel, stride, own, dilation, ceil)
            return MAX[n](filled(x, kernel, stride, padding, dilation, ceil, float("-inf")), kernel, stride, 0, dilation)

        if torch.isinf(run(torch.ones(shape))).any():
            raise Redraw  # a window of nothing but padding
        kind = d.integer(0, 4)
        x = d.ties(shape) if kind < 2 else d.normal(shape, d.scale())
        if kind == 4:
            x = d.exact(-abs(x) - 1)  # nothing above the zeros that a careless padding would be
        attrs = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil}
        return [x], attrs, run


def avg_pool(n):
    @op(f"avg_pool{n}d")
    def make(d):
        shape, kernel, stride, padding, one, ceil = window(d, n, False)
        include, divisor = d.flag(), d.pick([None, None, 1, 3, -2, 7]) if n > 1 else None
        # PyTorch's avg_pool3d refuses a window larger than the volume, whatever the padding.
        own = symmetric(kernel, padding) if all(k <= m for k, m in zip(kernel, shape[2:])) else None
        total = lambda x, p: SUM[n](filled(x, kernel, stride, p, one, ceil, 0.0), kernel, stride, divisor_override=1)
        inside = total(torch.ones(shape, dtype=torch.float64), padding)
        if (inside == 0).any():
            raise Redraw

        def run(x):
            if own is not None:
                return SUM[n](x, kernel, stride, own, ceil, include, divisor)
            if divisor is not None:
                return total(x, padding) / divisor
            if not include:
                return total(x, padding) / inside
            flat = [p for i in reversed(range(n)) for p in padding[2 * i : 2 * i + 2]]
            ones = F.pad(torch.ones_like(x), flat, value=1.0)
            reach = [p for i in reversed(range(n)) for p in (0, max(0, kernel[i] + stride[i]))]
            counts = SUM[n](F.pad(ones, reach), kernel, stride, divisor_override=1)
            y = total(x, padding)
            return y / counts[tuple(slice(0, m) for m in y.shape)]

        attrs = {"kernel": kernel, "stride": stride, "padding": padding, "ceil_mode": ceil}
        attrs["count_include_pad"] = include
        if n > 1:
            attrs["divisor_override"] = divisor
        return [d.normal(shape, d.scale())], attrs, run


def adaptive(n):
    @op(f"adaptive_avg_pool{n}d")
    def make(d):
        shape = spatial(d, n, 1, [99, 40, 15][n - 1])
        size = [1] * n if d.chance(0.2) else [d.integer(1, 12) for _ in range(n)]
        return [d.normal(shape, d.scale())], {"size": size}, lambda x: ADAPTIVE[n](x, size)
