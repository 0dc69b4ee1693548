import torch

from common.pointwise import bent, unary

unary("tanh", torch.tanh, bent)
