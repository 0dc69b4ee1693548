import torch.nn.functional as F

from common.losses import labels, loss

loss("kl_div", lambda d, s: [d.exact(-abs(d.normal(s, 3.0))), labels(d, s)],
     lambda a, b: F.kl_div(a, b, reduction="none"), constant_target=True)
