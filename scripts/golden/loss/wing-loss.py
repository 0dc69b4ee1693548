import math

import torch

from common.draw import f32
from common.losses import loss, moderate


def wing(a, b, width, curvature):
    x = (a - b).abs()
    log = width * torch.log1p(x / curvature)
    return torch.where(x < width, log, x - (width - width * math.log1p(width / curvature)))

loss("wing_loss", moderate, wing, lambda d: {"width": f32(d.pick([0.5, 1.0, 2.0, 15.0])), "curvature": f32(d.pick([0.1, 0.5, 3.0]))})
