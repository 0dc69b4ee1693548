import torch

from common.tensors import reduction

reduction("mean", torch.mean)
