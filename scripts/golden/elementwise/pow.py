import torch

from common.pointwise import binary


def powers(d, a, b):
    base = d.away_from_one(a, 0.02, 50) if d.chance(1 / 6) else d.away_from_one(a, 0.2, 3)
    exponent = d.exact(d.rng.integers(-3, 4, b)) if d.chance(0.3) else d.uniform(b, -3, 3)
    return base, exponent

binary("pow", torch.pow, powers)
