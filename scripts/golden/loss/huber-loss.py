import torch.nn.functional as F

from common.draw import f32
from common.losses import loss, moderate

loss("huber_loss", moderate, lambda a, b, delta: F.huber_loss(a, b, reduction="none", delta=delta),
     lambda d: {"delta": f32(d.pick([0.1, 0.5, 1.0, 3.0]))})
