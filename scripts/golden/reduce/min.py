import torch

from common.tensors import reduction

reduction("min", torch.amin, ties=True)
