import torch

from common.diagonals import triangle

triangle("tril", torch.tril)
