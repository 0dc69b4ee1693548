import torch
import torch.nn.functional as F

from common.draw import Redraw, f32
from common.op import op


@op("batch_norm", constant=[3, 4])
def batch_norm(d):
    shape = d.image(1, 17) if d.chance(0.7) else [d.integer(2, 9), d.integer(1, 13), d.integer(1, 40)][: d.integer(2, 3)]
    training, eps = d.flag(), f32(d.pick([1e-5, 1e-3]))
    c = shape[1]
    if torch.Size(shape).numel() // c < 3 or torch.Size(shape).numel() > d.limit:
        raise Redraw
    offset = d.normal([1, c] + [1] * (len(shape) - 2), d.pick([0.0, 1.0, 10.0]))
    x = d.exact(d.normal(shape) * d.pick([1.0, 1.0, 0.1, 100.0]) + offset)
    inputs = [x, d.normal([c]), d.normal([c]), d.normal([c]), d.uniform([c], 0.2, 4)]
    run = lambda x, w, b, m, v: F.batch_norm(x, m.detach().clone(), v.detach().clone(), w, b, training, 0.1, eps)
    return inputs, {"training": training, "eps": eps}, run
