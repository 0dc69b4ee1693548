import torch

from common.tensors import reduction

reduction("max", torch.amax, ties=True)
