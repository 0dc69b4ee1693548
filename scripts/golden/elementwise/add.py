import torch

from common.pointwise import binary, plain

binary("add", torch.add, plain)
