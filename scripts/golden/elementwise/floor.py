import torch

from common.pointwise import unary, unrounded

unary("floor", torch.floor, unrounded, constant=[0])
