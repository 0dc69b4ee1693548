import torch

from common.draw import f32
from common.op import op


@op("gaussian_heatmaps")
def gaussian_heatmaps(d):
    n, k, h, w = d.image(2, 40)
    room = 2.0 if d.chance(0.3) else 0.0
    low, high = [-room, -room], [w - 1 + room, h - 1 + room]
    points = d.exact(d.rng.uniform(low, high, [n, k, 2]))
    attrs = {"size": [h, w]}
    if d.chance(0.3):
        attrs["gamma"] = f32(d.pick([1, 100, 0.5]))
    gamma = attrs.get("gamma")

    def run(t, s):
        dx = torch.arange(w, dtype=t.dtype) - t[..., 0, None, None]
        dy = torch.arange(h, dtype=t.dtype)[:, None] - t[..., 1, None, None]
        s = s.reshape([-1, 1, 1])
        y = torch.exp(-(dx * dx + dy * dy) / (2 * s * s))
        return y if gamma is None else y * gamma / (2 * torch.pi * s * s)

    if d.flag():
        sigma = d.uniform(d.pick([[k], [k], [1], []]), 0.8, 8)
        return [points, sigma], attrs, run
    attrs["sigma"] = f32(d.pick([0.8, 1, 1.5, 2, 3, 5, 8]))
    return [points], attrs, lambda t: run(t, torch.tensor(attrs["sigma"], dtype=torch.float64))
