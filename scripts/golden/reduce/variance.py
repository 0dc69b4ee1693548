import torch

from common.tensors import spread

spread("variance", torch.var)
