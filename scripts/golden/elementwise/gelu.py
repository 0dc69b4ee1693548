import numpy as np
import torch
import torch.nn.functional as F

from common.op import op


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
        at = t.isfinite()  # at infinity PyTorch's vectorized kernel has NaN, its scalar one infinity
        assert torch.allclose(y[at], F.gelu(t, approximate=approximate)[at], rtol=1e-9, atol=1e-12)
        return y

    return [x], {"approximate": approximate}, run
