import torch

from common.tensors import spread

spread("std", torch.std)
