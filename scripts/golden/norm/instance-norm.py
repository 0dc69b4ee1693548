import torch
import torch.nn.functional as F

from common.draw import Redraw, f32
from common.norms import affine, offset, sized
from common.op import op


@op("instance_norm", constant=[3, 4])
def instance_norm(d):
    shape = sized(d, 3)
    if torch.Size(shape[2:]).numel() < 2:
        raise Redraw
    eps, c = f32(d.pick([1e-5, 1e-3, 1e-6])), [shape[1]]
    if d.chance(0.2):
        inputs = [offset(d, shape), d.normal(c), d.normal(c), d.normal(c), d.uniform(c, 0.2, 4)]
        run = lambda x, w, b, m, v: F.instance_norm(x, m.detach(), v.detach(), w, b, False, 0.1, eps)
        return inputs, {"eps": eps, "use_input_stats": False}, run
    run = lambda x, w=None, b=None: F.instance_norm(x, None, None, w, b, True, 0.1, eps)
    return [offset(d, shape), *affine(d, c)], {"eps": eps, "use_input_stats": True}, run
