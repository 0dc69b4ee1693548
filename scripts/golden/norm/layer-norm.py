import torch
import torch.nn.functional as F

from common.draw import Redraw, f32
from common.norms import affine, offset
from common.op import op


@op("layer_norm")
def layer_norm(d):
    shape = d.shape(1, 5)
    last = shape[-d.integer(1, len(shape)) :]
    if torch.Size(last).numel() < 2:
        raise Redraw
    eps = f32(d.pick([1e-5, 1e-3, 1e-6]))
    run = lambda x, w=None, b=None: F.layer_norm(x, last, w, b, eps)
    return [offset(d, shape), *affine(d, last)], {"normalized_shape": last, "eps": eps}, run
