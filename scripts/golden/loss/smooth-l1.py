import torch.nn.functional as F

from common.draw import f32
from common.losses import loss, moderate

loss("smooth_l1", moderate, lambda a, b, beta: F.smooth_l1_loss(a, b, reduction="none", beta=beta),
     lambda d: {"beta": f32(d.pick([0.0, 0.1, 0.5, 1.0, 3.0]))})
