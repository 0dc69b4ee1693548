import torch

from common.tensors import reduction

reduction("sum", torch.sum)
