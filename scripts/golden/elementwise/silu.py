import torch.nn.functional as F

from common.pointwise import bent, unary

unary("silu", F.silu, bent)
