import torch

from common.tensors import truth

truth("any", torch.any, 0)
