import torch

from common.draw import f32
from common.losses import loss, moderate


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
