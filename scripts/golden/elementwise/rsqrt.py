import torch

from common.pointwise import positive, unary

unary("rsqrt", torch.rsqrt, positive)
