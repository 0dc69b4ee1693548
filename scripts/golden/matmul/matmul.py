import torch

from common.draw import Redraw
from common.op import op


@op("matmul")
def matmul(d):
    # Some kernels move four numbers at a time.
    fours = [4, 8, 12, 16, 20, 32, 36, 64, 100]
    sizes = fours if d.chance(1 / 3) else [1, 2, 3, 5, 7, 8, 13, 16, 17, 31, 33, 64, 67]
    m, k, n = (d.pick(sizes) for _ in range(3))
    a, b = d.broadcast([d.pick([1, 2, 3]) for _ in range(d.integer(0, 2))])
    ta, tb = d.flag(), d.flag()
    a, b = a + ([k, m] if ta else [m, k]), b + ([n, k] if tb else [k, n])
    if max(torch.Size(a).numel(), torch.Size(b).numel(), m * n) > d.limit:
        raise Redraw
    attrs = {"transpose_a": ta, "transpose_b": tb}
    flip = lambda t, yes: t.mT if yes else t
    return [d.normal(a, d.scale()), d.normal(b, d.scale())], attrs, lambda x, y: flip(x, ta) @ flip(y, tb)
