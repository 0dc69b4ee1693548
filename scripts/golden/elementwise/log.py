import torch

from common.pointwise import positive, unary

unary("log", torch.log, positive)
