import torch

from common.maps import soft

soft("softmax", torch.softmax)
