"""Tensors of random numbers, with the words of Fiducial's streams drawn anew here."""
import numpy as np
import torch

from common.draw import Redraw
from common.drops import words
from common.op import op


def streamed(name, each, number):
    """`each` uniform numbers become one by `number`."""

    @op(name, constant=[0])
    def make(d):
        shape = d.shape(0, 5, large=False)
        count = int(np.prod(shape, dtype=int))
        if count < 2:
            raise Redraw
        key = [d.integer(0, 2**32 - 1), d.integer(0, 2**32 - 1)]
        uniform = (words(key, each * count) >> np.uint64(8)).astype(np.float64) / 2**24
        values = torch.tensor(number(uniform.reshape(-1, each)).reshape(shape))
        return [d.exact(1.0)], {"shape": shape, "key": key}, lambda x: values
