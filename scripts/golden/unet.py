"""A three-plane U-Net in PyTorch: names and shapes of its state_dict, and a small one run forward and backward.

python scripts/golden/unet.py > test/golden/unet.json
"""
import json

import torch
from torch import nn


def block(inputs, outputs, stride=1):
    return [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]


def blocks(inputs, outputs, count):
    layers = []
    for i in range(count):
        layers += block(inputs if i == 0 else outputs, outputs)
    return nn.Sequential(*layers)


class Body(nn.Module):
    def __init__(self, widths, encoder_convs, decoder_convs):
        super().__init__()
        self.encoder = nn.ModuleList(
            blocks(w if i == 0 else widths[i - 1], w, encoder_convs) for i, w in enumerate(widths)
        )
        ups = [blocks(widths[i + 1] + w, w, decoder_convs) for i, w in enumerate(widths[:-1])]
        self.decoder = nn.ModuleList(reversed(ups))
        self.pool = nn.MaxPool2d(2)
        self.up = nn.Upsample(scale_factor=2)

    def forward(self, x):
        skips = []
        for i, level in enumerate(self.encoder):
            x = level(x if i == 0 else self.pool(x))
            skips.append(x)
        skips.pop()
        for level in self.decoder:
            x = level(torch.cat([self.up(x), skips.pop()], 1))
        return x


class Planes(nn.Module):
    def __init__(self, landmarks, widths=(24, 48, 64, 96, 128)):
        super().__init__()
        self.stems = nn.ModuleList(nn.Sequential(*block(1, widths[0], 2)) for _ in landmarks)
        self.body = Body(widths, 2, 1)
        self.heads = nn.ModuleList(nn.Conv2d(widths[0], k, 1) for k in landmarks)

    def forward(self, planes):
        features = self.body(torch.cat([stem(x) for stem, x in zip(self.stems, planes)]))
        parts = torch.split(features, [len(x) for x in planes])
        return [head(f) for head, f in zip(self.heads, parts)]


def forward_case(widths, landmarks, size, seed):
    """Small network with given weights, its outputs and one gradient, in float64."""
    torch.manual_seed(seed)
    net = Planes(landmarks, widths).double()
    with torch.no_grad():
        for t in net.state_dict().values():
            if t.dtype == torch.float64:
                t.copy_(t.float().double())
    planes = [torch.randn(n, 1, *size, dtype=torch.float32).double() for n in (2, 1, 3)]
    state = {k: v.flatten().tolist() for k, v in net.state_dict().items()}
    net.train()
    out = net(planes)
    loss = sum((o ** 2).mean() for o in out)
    loss.backward()
    grads = {k: p.grad.flatten().tolist() for k, p in net.named_parameters() if k in ("stems.0.0.weight", "body.encoder.1.0.weight", "heads.2.bias")}
    after = {k: v.flatten().tolist() for k, v in net.state_dict().items() if "running" in k and k.startswith("stems.1")}
    net.eval()
    evaluated = net(planes)
    return {
        "widths": widths, "landmarks": landmarks, "size": size, "batches": [2, 1, 3],
        "inputs": [p.flatten().tolist() for p in planes], "state": state,
        "train": [o.flatten().tolist() for o in out], "loss": loss.item(), "grads": grads, "running": after,
        "eval": [o.flatten().tolist() for o in evaluated],
    }


def rounded(v):
    if isinstance(v, float):
        return float(f"{v:.9g}")
    if isinstance(v, list):
        return [rounded(x) for x in v]
    if isinstance(v, dict):
        return {k: rounded(x) for k, x in v.items()}
    return v


net = Planes([19, 19, 18])
result = {
    "origin": f"scripts/golden/unet.py, PyTorch {torch.__version__.split('+')[0]}",
    "parameters": sum(p.numel() for p in net.parameters()),
    "state": [[k, list(v.shape)] for k, v in net.state_dict().items()],
    "case": rounded(forward_case([3, 4], [2, 1, 2], [8, 12], 3)),
}
print(json.dumps(result, separators=(",", ":")))
