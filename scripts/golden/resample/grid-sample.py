import numpy as np
import torch.nn.functional as F

from common.draw import Redraw
from common.op import op


@op("grid_sample")
def grid_sample(d):
    shape = d.image(1, 19)
    out = [d.integer(1, 19), d.integer(1, 19)]
    if shape[0] * shape[1] * out[0] * out[1] > 2 * d.limit:
        raise Redraw
    mode, padding, corners = d.pick(["bilinear", "bilinear", "nearest"]), d.pick(["zeros", "border", "reflection"]), d.flag()
    beyond = d.pick([0.0, 0.3, 1.6])
    parts = []
    # Coordinates in pixels stay a fiftieth away from whole and half numbers: slopes and the nearest pixel jump there, and
    # float32 cannot tell the sides apart.
    for size in (shape[3], shape[2]):
        low, high = int(-beyond * size) - 1, int((1 + beyond) * size)
        pixel = d.rng.integers(low, high, [shape[0], *out]) + d.rng.uniform(0.02, 0.48, [shape[0], *out])
        pixel = pixel + 0.5 * d.rng.integers(0, 2, [shape[0], *out])
        if corners:
            parts.append(2 * pixel / (size - 1) - 1 if size > 1 else d.rng.uniform(-1, 1, [shape[0], *out]))
        else:
            parts.append((2 * pixel + 1) / size - 1)
    grid = d.exact(np.stack(parts, -1))
    run = lambda x, g: F.grid_sample(x, g, mode=mode, padding_mode=padding, align_corners=corners)
    attrs = {"mode": mode, "padding_mode": padding, "align_corners": corners}
    return [d.normal(shape, d.scale()), grid], attrs, run
