import torch

from common.indexing import place_of

place_of("argmin", torch.argmin)
