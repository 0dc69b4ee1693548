import torch

from common.pointwise import bent, unary

unary("sigmoid", torch.sigmoid, bent)
