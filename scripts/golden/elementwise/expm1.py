import numpy as np
import torch

from common.pointwise import bent, unary

# PyTorch's gradient is g (y + 1): below -14 it has not the digits to compare with.
unary("expm1", torch.expm1, lambda d, shape: d.normal(shape, 1e-6) if d.chance(0.2) else d.exact(np.maximum(bent(d, shape), -14.0)))
