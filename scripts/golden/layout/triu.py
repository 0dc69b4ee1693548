import torch

from common.diagonals import triangle

triangle("triu", torch.triu)
