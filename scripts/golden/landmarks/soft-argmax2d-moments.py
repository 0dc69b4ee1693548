import torch

from common.op import op
from common.places import drawn, expected, grid, probabilities, side


@op("soft_argmax2d_moments")
def soft_argmax2d_moments(d):
    sizes = [1 + side(d, 40), 1 + side(d, 40)]
    h, attrs = drawn(d, sizes)
    convention = attrs.get("convention")
    rows, columns = grid(convention, sizes[0])[:, None], grid(convention, sizes[1])

    def run(t):
        p = probabilities(t, attrs["beta"])
        x, y = expected(p, sizes, convention).unbind(-1)
        dx, dy = columns - x[..., None, None], rows - y[..., None, None]
        second = [(p * a * b).sum((2, 3)) for a, b in ((dx, dx), (dy, dy), (dx, dy))]
        return torch.stack([x, y, p.amax((2, 3)), *second], -1)

    return [h], attrs, run
