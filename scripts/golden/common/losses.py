"""Losses that are sums of terms, with all reductions, dimensions kept, and weights of every layout, some of them 0."""
import torch

from common.op import op


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

    @op(name, constant=[1, 2] if constant_target else [2])
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


def shares(d, shape):
    # At times near the ends, but not so near 1 that 1 - p has no digits in float32.
    return [d.uniform(shape, 1e-4, 1 - 1e-4) if d.chance(0.3) else d.uniform(shape, 0.05, 0.95), labels(d, shape)]
