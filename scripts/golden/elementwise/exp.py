import torch

from common.pointwise import unary

unary("exp", torch.exp, lambda d, s: d.uniform(s, -30, 30) if d.chance(1 / 6) else d.uniform(s, -4, 4))
