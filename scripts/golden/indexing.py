"""Comparisons, where, more curves, ops along an axis, what indices name, and what only rearranges."""
import numpy as np
import torch
import torch.nn.functional as F

from draw import Redraw, f32
from pointwise import any_value, binary, op, positive, tied, unary


def angles(d, shape):
    """Radians: a few turns, many turns, near whole quarter turns, and numbers so large that their unit is many turns."""
    kind = d.integer(0, 5)
    if kind == 0:
        return d.uniform(shape, -1000, 1000)
    if kind == 1:
        return d.exact(d.rng.integers(-300, 300, shape) * (np.pi / 2))
    if kind == 2:
        return d.exact(d.rng.choice([-1.0, 1.0], shape) * np.exp(d.rng.uniform(-30, 80, shape)))
    return d.uniform(shape, -7, 7)


unary("sign", torch.sign, any_value)
unary("rsqrt", torch.rsqrt, positive)
unary("sin", torch.sin, angles)
unary("cos", torch.cos, angles)


@op("hard_step")
def hard_step(d):
    threshold = d.integer(-6, 6) / 8
    x = any_value(d, d.shape(0, 5))
    return [x], {"threshold": threshold}, lambda t: (t > threshold).double()


@op("elu")
def elu(d):
    alpha = f32(d.pick([1.0, 0.3, 1.5, 2.0]))
    x = d.exact(np.maximum(any_value(d, d.shape(0, 5)), -80))  # below, exp(x) is subnormal in float32
    return [x], {"alpha": alpha}, lambda t: F.elu(t, alpha)


@op("gelu")
def gelu(d):
    approximate = d.pick(["none", "tanh"])
    shape = d.shape(0, 5)
    far = 12 if approximate == "none" else 9  # beyond, a factor of the result is subnormal in float32
    x = d.uniform(shape, -far, far) if d.chance(1 / 6) else d.uniform(shape, -5, 5)

    def run(t):
        # PyTorch's own loses the tail of the distribution in 1 + erf(t): the same function without that.
        inner = (8 / np.pi) ** 0.5 * (t + 0.044715 * t**3)
        y = t * torch.erfc(-t / 2**0.5) / 2 if approximate == "none" else t * torch.sigmoid(inner)
        assert torch.allclose(y, F.gelu(t, approximate=approximate), rtol=1e-9, atol=1e-12)
        return y

    return [x], {"approximate": approximate}, run


def compared(name, function):
    binary(name, lambda a, b: function(a, b).double(), tied)


compared("eq", torch.eq)
compared("ne", torch.ne)
compared("lt", torch.lt)
compared("le", torch.le)
compared("gt", torch.gt)
compared("ge", torch.ge)


@op("where")
def where(d):
    shape = d.shape(0, 5)
    a, b = d.broadcast(shape)
    condition = [1 if d.chance(0.2) else n for n in shape][d.integer(0, len(shape)) if d.chance(0.3) else 0 :]
    values = [d.exact(d.rng.random(condition) < d.pick([0.2, 0.5, 0.8])), d.normal(a, d.scale()), d.normal(b, d.scale())]
    return values, {}, lambda c, x, y: torch.where(c != 0, x, y)


def some_axis(d, shape):
    """An axis as the op is given it, which may count from the end, and as it is."""
    axis = d.integer(0, len(shape) - 1)
    return (axis - len(shape) if d.flag() else axis), axis


def place_of(name, function):
    @op(name)
    def make(d):
        shape = d.shape(1, 5)
        axis, _ = some_axis(d, shape)
        keepdim = d.flag()
        x = d.ties(shape) if d.chance(0.4) else d.normal(shape, d.scale())
        return [x], {"axis": axis, "keepdim": keepdim}, lambda t: function(t, dim=axis, keepdim=keepdim).double()


place_of("argmax", torch.argmax)
place_of("argmin", torch.argmin)


@op("cumsum")
def cumsum(d):
    shape = d.shape(1, 5)
    axis, _ = some_axis(d, shape)
    return [d.normal(shape, d.scale())], {"axis": axis}, lambda t: torch.cumsum(t, axis)


def indices(d, shape, size):
    """Integers below size: all alike at times, so that many meet at one place."""
    few = max(1, size // 4) if d.chance(0.2) else size
    return d.exact(d.rng.integers(0, few, shape))


def index_shape(d, shape, at):
    """The shape of an index for an array of `shape`: any length along the axis, at times smaller beside it."""
    index = [d.integer(1, n) if d.chance(0.2) else n for n in shape]
    index[at] = d.integer(1, 2 * shape[at] + 2)
    if torch.Size(index).numel() > 30000:
        raise Redraw
    return index


@op("gather")
def gather(d):
    shape = d.shape(1, 5)
    axis, at = some_axis(d, shape)
    index = indices(d, index_shape(d, shape, at), shape[at])
    return [d.normal(shape, d.scale()), index], {"axis": axis}, lambda x, i: torch.gather(x, axis, i.long())


@op("index_select")
def index_select(d):
    shape = d.shape(1, 5)
    axis, at = some_axis(d, shape)
    index = indices(d, [d.integer(1, 2 * shape[at] + 2)], shape[at])
    return [d.normal(shape, d.scale()), index], {"axis": axis}, lambda x, i: torch.index_select(x, axis, i.long())


@op("scatter_add")
def scatter_add(d):
    shape = d.shape(1, 5)
    axis, at = some_axis(d, shape)
    inside = index_shape(d, shape, at)
    index = indices(d, inside, shape[at])
    src = [n + d.integer(0, 2) if d.chance(0.2) else n for n in inside]
    scale = d.scale()
    corner = tuple(slice(0, n) for n in inside)  # PyTorch has no gradient of a src larger than the index
    run = lambda x, i, s: torch.scatter_add(x, axis, i.long(), s[corner])
    return [d.normal(shape, scale), index, d.normal(src, scale)], {"axis": axis}, run


@op("embedding")
def embedding(d):
    v, width = d.integer(1, 40), d.pick([1, 2, 3, 8, 17, 64])
    index = indices(d, d.shape(0, 3, large=False), v)
    if index.size * width > 30000:
        raise Redraw
    return [index, d.normal([v, width], d.scale())], {}, lambda i, w: F.embedding(i.long(), w)


@op("one_hot")
def one_hot(d):
    classes = d.integer(2, 40)
    index = indices(d, d.shape(0, 3, large=False), classes)
    if index.size * classes > 30000:
        raise Redraw
    return [index], {"classes": classes}, lambda i: F.one_hot(i.long(), classes).double()


@op("flip")
def flip(d):
    shape = d.shape(1, 5)
    axes = [a - len(shape) if d.chance(0.3) else a for a in d.axes(len(shape))]
    return [d.normal(shape, d.scale())], {"axes": axes}, lambda x: torch.flip(x, axes)


@op("roll")
def roll(d):
    shape = d.shape(1, 5)
    axes = d.axes(len(shape))
    shifts = [d.integer(-2 * shape[a], 2 * shape[a]) for a in axes]
    return [d.normal(shape, d.scale())], {"shifts": shifts, "axes": axes}, lambda x: torch.roll(x, shifts, axes)


@op("broadcast_to")
def broadcast_to(d):
    shape = d.shape(0, 5)
    x = [1 if d.chance(0.4) else n for n in shape][d.integer(0, len(shape)) if d.flag() else 0 :]
    return [d.normal(x, d.scale())], {"shape": shape}, lambda t: torch.broadcast_to(t, shape)


@op("repeat")
def repeat(d):
    shape = d.shape(0, 5, large=False)
    repeats = [d.pick([1, 1, 2, 3]) for _ in range(len(shape) + d.pick([0, 0, 1, 2]))]
    if torch.Size(shape).numel() * int(np.prod(repeats)) > 60000:
        raise Redraw
    return [d.normal(shape, d.scale())], {"repeats": repeats}, lambda x: x.repeat(repeats)


@op("split")
def split(d):
    shape = d.shape(1, 5)
    axis, at = some_axis(d, shape)
    cuts = sorted(d.integer(0, shape[at]) for _ in range(d.integer(0, 3)))
    sizes = [b - a for a, b in zip([0, *cuts], [*cuts, shape[at]])]
    # One result that tells of every part: joined again in the opposite order.
    run = lambda x: torch.cat(torch.split(x, sizes, axis)[::-1], axis)
    return [d.normal(shape, d.scale())], {"sizes": sizes, "axis": axis}, run


@op("stack")
def stack(d):
    shape = d.shape(0, 4)
    axis = d.integer(-len(shape) - 1, len(shape))
    parts = [d.normal(shape) for _ in range(d.integer(1, 4))]
    return parts, {"axis": axis}, lambda *t: torch.stack(t, axis)


@op("unsqueeze")
def unsqueeze(d):
    shape = d.shape(0, 4)
    axis = d.integer(-len(shape) - 1, len(shape))
    return [d.normal(shape, d.scale())], {"axis": axis}, lambda x: x.unsqueeze(axis)


@op("squeeze")
def squeeze(d):
    shape = [1 if d.chance(0.4) else n for n in d.shape(0, 5)]
    x = d.normal(shape, d.scale())
    if d.chance(0.3):
        return [x], {}, lambda t: t.squeeze()
    axes = [a for a, n in enumerate(shape) if n == 1 and d.flag()]
    axes = [a - len(shape) if d.chance(0.3) else a for a in axes]
    return [x], {"axes": axes}, lambda t: t.squeeze(axes)
