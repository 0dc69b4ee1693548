import torch

from common.pointwise import unary

# Beyond 9 the slope is below what float32 holds.
unary("erf", torch.erf, lambda d, shape: d.uniform(shape, -9, 9) if d.chance(0.2) else d.normal(shape, d.pick([1e-6, 1e-3, 1, 1])))
