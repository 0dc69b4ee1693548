"""Group, instance and layer norm."""
import numpy as np
import torch
import torch.nn.functional as F

from draw import Redraw, f32
from pointwise import op


def offset(d, shape):
    """Values of any size and spread, in a third of the draws far from 0."""
    x = d.normal(shape) * d.pick([1.0, 1.0, 1e-3, 100.0])
    centre = d.pick([0.0, 0.0, 10.0, 1000.0]) * float(np.abs(x).max()) if d.chance(1 / 3) else 0.0
    return d.exact(x + centre)


def affine(d, shape):
    """A weight and a bias, a weight alone, or none."""
    return [d.normal(shape), d.normal(shape)][: d.pick([0, 1, 2, 2, 2])]


def sized(d, low, budget=None):
    if d.chance(0.6) and low <= 4:
        return d.image(1, 17)
    return d.shape(low, 5)


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


@op("instance_norm")
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


@op("layer_norm")
def layer_norm(d):
    shape = d.shape(1, 5)
    last = shape[-d.integer(1, len(shape)) :]
    if torch.Size(last).numel() < 2:
        raise Redraw
    eps = f32(d.pick([1e-5, 1e-3, 1e-6]))
    run = lambda x, w=None, b=None: F.layer_norm(x, last, w, b, eps)
    return [offset(d, shape), *affine(d, last)], {"normalized_shape": last, "eps": eps}, run
