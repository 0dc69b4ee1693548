import torch

from common.indexing import angles
from common.pointwise import unary

unary("cos", torch.cos, angles)
