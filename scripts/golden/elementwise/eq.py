import torch

from common.indexing import compared

compared("eq", torch.eq)
