import numpy as np
import torch

from common.draw import Redraw
from common.op import op


@op("repeat")
def repeat(d):
    shape = d.shape(0, 5, large=False)
    repeats = [d.pick([1, 1, 2, 3]) for _ in range(len(shape) + d.pick([0, 0, 1, 2]))]
    if torch.Size(shape).numel() * int(np.prod(repeats)) > 60000:
        raise Redraw
    return [d.normal(shape, d.scale())], {"repeats": repeats}, lambda x: x.repeat(repeats)
