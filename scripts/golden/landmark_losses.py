"""Cross-entropy over channels, Dice, hard key-point mining, the spread of heat-maps."""
import torch
import torch.nn.functional as F

from draw import Redraw, f32
from pointwise import op

CONSTANT = {"cross_entropy": [1], "log_dice": [1, 2]}


def channels(d):
    """[N, C, ...] of rank 2 to 5, many classes at times."""
    shape = d.shape(2, 5)
    if d.chance(0.2):
        shape = [d.integer(1, 9), d.integer(50, 400)]
    return shape


def targets(d, shape):
    return d.uniform(shape, 0, 1) if d.flag() else d.exact(d.rng.random(shape) < 0.3)


@op("cross_entropy")
def cross_entropy(d):
    shape, reduction = channels(d), d.pick(["mean", "sum", "none", "batchmean"])
    if shape[1] == 1:
        raise Redraw  # log_softmax of one class is 0
    z = d.exact(d.normal(shape, d.pick([0.1, 1.0, 4.0, 15.0])) + d.pick([0.0, 0.0, 300.0]))

    def run(a, b):
        if reduction == "batchmean":
            return F.cross_entropy(a, b, reduction="sum") / shape[0]
        return F.cross_entropy(a, b, reduction=reduction)

    return [z, targets(d, shape)], {"reduction": reduction}, run


@op("log_dice")
def log_dice(d):
    shape, eps = channels(d), f32(d.pick([0.0, 1e-6, 1.0]))
    # A map that is empty on both sides has no Dice share without eps; one whose target is empty has no logarithm.
    t = targets(d, shape)
    if eps < 1:
        t = d.exact(t + 0.05 * d.rng.random(shape))
    weight = d.uniform([shape[1]], 0.2, 3)

    def run(p, t, w):
        over = tuple(range(2, len(shape)))
        total = (lambda x: x.sum(over)) if over else (lambda x: x)
        share = (2 * total(p * t) + eps) / (total(p * p) + total(t * t) + eps)
        return (-w * share.mean(0).log()).sum()

    return [d.uniform(shape, 0.01, 1), t, weight], {"eps": eps}, run


@op("ohkm")
def ohkm(d):
    n, k = d.pick([1, 2, 3, 8, 32, 130]), d.integer(1, 60)
    top = d.integer(1, 12)
    x = d.exact(abs(d.normal([n, k], d.scale())))
    return [x], {"top": top}, lambda x: x.topk(min(top, k), 1).values.mean()


@op("heatmap_variance")
def heatmap_variance(d):
    shape = d.image(2, 40)
    if d.flag():
        p = d.uniform(shape, 0, 1)
    else:  # a blob over nearly nothing
        y, x = (torch.arange(n, dtype=torch.float64).numpy() for n in shape[2:])
        cy, cx, s = d.rng.uniform(0, shape[2]), d.rng.uniform(0, shape[3]), d.rng.uniform(0.7, 4)
        blob = torch.exp(-torch.tensor((y[:, None] - cy) ** 2 + (x - cx) ** 2) / (2 * s * s)).numpy()
        p = d.exact(blob * d.rng.uniform(0.5, 2, shape) + 1e-6)

    def run(p):
        total = p.sum((2, 3))
        out = []
        for axis, other in ((3, 2), (2, 3)):
            m = p.sum(other) / total[..., None]
            place = torch.arange(shape[axis], dtype=p.dtype)
            mean = (m * place).sum(-1, keepdim=True)
            out.append((m * (place - mean) ** 2).sum(-1))
        return torch.stack(out, -1)

    return [p], {}, run
