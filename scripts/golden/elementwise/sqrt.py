import torch

from common.pointwise import positive, unary

unary("sqrt", torch.sqrt, positive)
