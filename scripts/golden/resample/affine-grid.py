import torch.nn.functional as F

from common.op import op


@op("affine_grid")
def affine_grid(d):
    n, size, corners = d.integer(1, 5), [d.integer(1, 40), d.integer(1, 40)], d.flag()
    run = lambda t: F.affine_grid(t, [n, 1, *size], align_corners=corners)
    return [d.normal([n, 2, 3], d.scale())], {"size": size, "align_corners": corners}, run
