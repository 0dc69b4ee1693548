import torch

from common.pointwise import unary

# Not so near to 0 that the slope is beyond what a case may hold.
unary("reciprocal", torch.reciprocal, lambda d, shape: d.exact(d.rng.choice([-1.0, 1.0], shape) * 10 ** d.rng.uniform(-6, 6, shape)))
