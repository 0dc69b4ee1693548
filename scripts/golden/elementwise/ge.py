import torch

from common.indexing import compared

compared("ge", torch.ge)
