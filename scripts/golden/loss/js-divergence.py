import torch

from common.losses import loss


def js(p, q):
    # (p ln(p / m) + q ln(q / m)) / 2 by r = (p - q) / (p + q): the plain form has no digits left where p and q are alike.
    r = (p - q) / (p + q)
    return (p + q) / 4 * (torch.log1p(-r * r) + 2 * r * torch.atanh(r))


def distributions(d, shape):
    p = d.uniform(shape, 1e-4, 1)
    # Half of the time nearly alike, where the two parts cancel.
    return [p, d.exact(p * d.rng.uniform(0.9, 1.1, shape))] if d.flag() else [p, d.uniform(shape, 1e-4, 1)]

loss("js_divergence", distributions, js)
