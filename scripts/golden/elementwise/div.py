import torch

from common.pointwise import binary


def divided(d, a, b):
    sign = d.rng.choice([-1.0, 1.0], b)
    return d.normal(a, d.scale()), d.exact(sign * d.rng.uniform(0.2, 3, b) * d.scale((1e-4, 1e-2, 1e3, 1e5)))

binary("div", torch.div, divided)
