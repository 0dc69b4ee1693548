import torch

from common.pointwise import binary, tied

binary("minimum", torch.minimum, tied)
