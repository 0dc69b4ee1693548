import torch

from common.maps import soft

soft("log_softmax", torch.log_softmax)
