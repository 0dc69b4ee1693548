import torch
import torch.nn.functional as F

from common.draw import Redraw, f32
from common.norms import affine, offset, sized
from common.op import op


@op("group_norm")
def group_norm(d):
    shape = sized(d, 2)
    groups, per = d.pick([1, 1, 2, 3, 4, 7]), d.pick([1, 1, 2, 3, 5])
    shape[1] = groups * per
    length = torch.Size(shape).numel() // (shape[0] * groups)
    if length < 2 or torch.Size(shape).numel() > 5 * d.limit:
        raise Redraw
    eps = f32(d.pick([1e-5, 1e-3, 1e-6]))
    run = lambda x, w=None, b=None: F.group_norm(x, groups, w, b, eps)
    return [offset(d, shape), *affine(d, [shape[1]])], {"num_groups": groups, "eps": eps}, run
