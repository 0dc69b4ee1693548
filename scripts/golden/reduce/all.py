import torch

from common.tensors import truth

truth("all", torch.all, 1)
