"""Losses that are sums of terms, with all reductions, dimensions kept, and weights of every layout, some of them 0."""
import math

import torch
import torch.nn.functional as F

from draw import f32
from pointwise import op

CONSTANT = {}


def reduce(terms, weight, reduction, keep):
    """PyTorch's reductions have no weights for every loss and keep no dimensions: written out."""
    if weight is not None:
        weight = weight.expand_as(terms)
        terms = torch.where(weight == 0, torch.zeros_like(terms), terms * weight)
    if reduction == "none":
        return terms
    if reduction == "batchmean":
        return terms.sum() / terms.shape[0]
    rows = terms.flatten(keep) if keep < terms.dim() else terms[..., None]
    total = rows.sum(-1)
    if reduction == "mean":
        mass = torch.full_like(total, rows.shape[-1]) if weight is None else weight.reshape(rows.shape).sum(-1)
        total = torch.where(mass == 0, torch.zeros_like(total), total / torch.where(mass == 0, 1, mass))
    return total


def weight_shape(d, shape):
    """One weight an entry, one for each leading index, or any shape that broadcasts."""
    kind = d.pick(["all", "leading", "any"])
    if kind == "all":
        return list(shape)
    if kind == "leading":
        lead = d.integer(0, len(shape))
        return list(shape[:lead]) + [1] * (len(shape) - lead)
    cut = d.integer(0, len(shape) - 1)
    return [n if d.flag() else 1 for n in shape[cut:]]


def loss(name, values, terms, options=lambda d: {}, constant_target=False):
    """`terms(a, b, **options)` in float64, without reduction."""
    CONSTANT[name] = [1, 2] if constant_target else [2]

    @op(name)
    def make(d):
        shape, own = d.shape(1, 5), options(d)
        reduction = d.pick(["mean", "mean", "sum", "none", "batchmean"])
        keep = d.integer(0, len(shape)) if reduction in ("mean", "sum") and d.flag() else 0
        inputs = values(d, shape)
        if d.chance(0.4):
            w = weight_shape(d, shape)
            inputs.append(d.exact(d.uniform(w, 0.1, 3) * (d.rng.random(w) < 0.7)))

        def run(a, b, w=None):
            return reduce(terms(a, b.detach() if constant_target else b, **own), w, reduction, keep)

        return inputs, {"reduction": reduction, "keep": keep, **own}, run


def two(d, shape):
    scale = d.scale()
    return [d.normal(shape, scale), d.normal(shape, scale)]


def moderate(d, shape):
    return [d.normal(shape, 2.0), d.normal(shape)]


def labels(d, shape):
    return d.uniform(shape, 0, 1) if d.flag() else d.exact(d.rng.integers(0, 2, shape))


def logits(d, shape):
    # Not farther out: PyTorch's form, (1 - y) z - log_sigmoid(z), has no digits left there even in float64.
    return [d.uniform(shape, -15, 15) if d.chance(1 / 6) else d.normal(shape, 2), labels(d, shape)]


def shares(d, shape):
    # At times near the ends, but not so near 1 that 1 - p has no digits in float32.
    return [d.uniform(shape, 1e-4, 1 - 1e-4) if d.chance(0.3) else d.uniform(shape, 0.05, 0.95), labels(d, shape)]


loss("mse_loss", two, lambda a, b: F.mse_loss(a, b, reduction="none"))
loss("l1_loss", two, lambda a, b: F.l1_loss(a, b, reduction="none"))
loss("half_sse", two, lambda a, b: 0.5 * (a - b) ** 2)
loss("smooth_l1", moderate, lambda a, b, beta: F.smooth_l1_loss(a, b, reduction="none", beta=beta),
     lambda d: {"beta": f32(d.pick([0.0, 0.1, 0.5, 1.0, 3.0]))})
loss("huber_loss", moderate, lambda a, b, delta: F.huber_loss(a, b, reduction="none", delta=delta),
     lambda d: {"delta": f32(d.pick([0.1, 0.5, 1.0, 3.0]))})
loss("elastic_loss", moderate, lambda a, b, mix: mix * (a - b) ** 2 + (1 - mix) * (a - b).abs(),
     lambda d: {"mix": f32(d.pick([0.0, 0.1, 0.5, 0.75, 1.0]))})


def wing(a, b, width, curvature):
    x = (a - b).abs()
    log = width * torch.log1p(x / curvature)
    return torch.where(x < width, log, x - (width - width * math.log1p(width / curvature)))


loss("wing_loss", moderate, wing, lambda d: {"width": f32(d.pick([0.5, 1.0, 2.0, 15.0])), "curvature": f32(d.pick([0.1, 0.5, 3.0]))})


def robust(a, b, alpha, scale):
    x2 = ((a - b) / scale) ** 2
    if alpha == 2:
        return x2 / 2
    if alpha == 0:
        return torch.log1p(x2 / 2)
    beta = abs(alpha - 2)
    return beta / alpha * torch.expm1(alpha / 2 * torch.log1p(x2 / beta))


loss("robust_loss", moderate, robust,
     lambda d: {"alpha": f32(d.pick([0.0, 0.1, 0.5, 1.0, 1.0, 1.5, 1.9, 2.0])), "scale": f32(d.pick([0.01, 0.5, 2.0, 100.0]))})
loss("bce_loss", shares, lambda a, b: F.binary_cross_entropy(a, b, reduction="none"), constant_target=True)
loss("bce_with_logits", logits, lambda a, b: F.binary_cross_entropy_with_logits(a, b, reduction="none"), constant_target=True)
loss("cce_loss", shares, lambda a, b: -b * torch.log(a).clamp(min=-100), constant_target=True)
loss("kl_div", lambda d, s: [d.exact(-abs(d.normal(s, 3.0))), labels(d, s)],
     lambda a, b: F.kl_div(a, b, reduction="none"), constant_target=True)


def js(p, q):
    # (p ln(p / m) + q ln(q / m)) / 2 by r = (p - q) / (p + q): the plain form has no digits left where p and q are alike.
    r = (p - q) / (p + q)
    return (p + q) / 4 * (torch.log1p(-r * r) + 2 * r * torch.atanh(r))


def distributions(d, shape):
    p = d.uniform(shape, 1e-4, 1)
    # Half of the time nearly alike, where the two parts cancel.
    return [p, d.exact(p * d.rng.uniform(0.9, 1.1, shape))] if d.flag() else [p, d.uniform(shape, 1e-4, 1)]


loss("js_divergence", distributions, js)
