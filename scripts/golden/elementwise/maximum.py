import torch

from common.pointwise import binary, tied

binary("maximum", torch.maximum, tied)
