import torch

from common.pointwise import binary, plain

binary("mul", torch.mul, plain)
