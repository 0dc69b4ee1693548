import torch

from common.indexing import compared

compared("ne", torch.ne)
