import torch

from common.indexing import compared

compared("lt", torch.lt)
