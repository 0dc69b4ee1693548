import torch

from common.indexing import angles
from common.pointwise import unary

unary("sin", torch.sin, angles)
