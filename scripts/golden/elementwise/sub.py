import torch

from common.pointwise import binary, plain

binary("sub", torch.sub, plain)
