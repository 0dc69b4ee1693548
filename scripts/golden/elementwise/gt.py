import torch

from common.indexing import compared

compared("gt", torch.gt)
