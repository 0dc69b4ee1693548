import torch

from common.indexing import compared

compared("le", torch.le)
