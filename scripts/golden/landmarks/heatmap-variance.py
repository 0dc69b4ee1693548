import torch

from common.op import op


@op("heatmap_variance")
def heatmap_variance(d):
    shape = d.image(2, 40)
    if d.flag():
        p = d.uniform(shape, 0, 1)
    else:  # a blob over nearly nothing
        y, x = (torch.arange(n, dtype=torch.float64).numpy() for n in shape[2:])
        cy, cx, s = d.rng.uniform(0, shape[2]), d.rng.uniform(0, shape[3]), d.rng.uniform(0.7, 4)
        blob = torch.exp(-torch.tensor((y[:, None] - cy) ** 2 + (x - cx) ** 2) / (2 * s * s)).numpy()
        p = d.exact(blob * d.rng.uniform(0.5, 2, shape) + 1e-6)

    def run(p):
        total = p.sum((2, 3))
        out = []
        for axis, other in ((3, 2), (2, 3)):
            m = p.sum(other) / total[..., None]
            place = torch.arange(shape[axis], dtype=p.dtype)
            mean = (m * place).sum(-1, keepdim=True)
            out.append((m * (place - mean) ** 2).sum(-1))
        return torch.stack(out, -1)

    return [p], {}, run
