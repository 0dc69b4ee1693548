"""Outputs and gradients of the real networks at drawn weights and a drawn image (drawn.py), in float64:
python scripts/golden/models/outputs.py test/golden/models [NAME ...]

A case: evaluation's output, then, where `train` is given, the loss (mean of the output's square, batch statistics) and its
gradients with respect to the first and the last weight. Of large tensors 256 values are kept, evenly spaced.
"""
import copy
import json
import pathlib
import sys

import numpy as np
import torch
from build import classifier, encoder, network
from drawn import fill, image_of

CASES = {
    "unet-vgg11": (lambda: network("unet", "vgg11"), [1, 1, 64, 64], False),
    "unet++-vgg11_bn": (lambda: network("unet++", "vgg11_bn"), [1, 1, 64, 64], False),
    "unet-resnet18": (lambda: network("unet", "resnet18"), [1, 1, 64, 64], True),
    "unet++-resnet18": (lambda: network("unet++", "resnet18"), [1, 1, 64, 64], False),
    "deeplabv3-resnet18": (lambda: network("deeplabv3", "resnet18"), [1, 1, 64, 64], False),
    "deeplabv3+-resnet18": (lambda: network("deeplabv3+", "resnet18"), [1, 1, 64, 64], False),
    "unet-efficientnet-b0": (lambda: network("unet", "efficientnet-b0"), [1, 1, 64, 64], False),
    "deeplabv3+-efficientnet-b0": (lambda: network("deeplabv3+", "efficientnet-b0"), [1, 1, 64, 64], False),
    "deeplabv3-efficientnet-b0": (lambda: network("deeplabv3", "efficientnet-b0"), [1, 1, 64, 64], False),
    "classifier-vgg11": (lambda: classifier("vgg11", 10), [1, 3, 64, 64], False),
    "classifier-resnet18": (lambda: classifier("resnet18", 10), [1, 3, 64, 64], False),
    "classifier-resnext50_32x4d": (lambda: classifier("resnext50_32x4d", 10), [1, 3, 64, 64], False),
    "classifier-efficientnet-b0": (lambda: classifier("efficientnet-b0", 10), [1, 3, 64, 64], False),
    "classifier-efficientnet-lite0": (lambda: classifier("efficientnet-lite0", 10), [1, 3, 64, 64], False),
}
for name in ("vgg19", "resnext101_32x8d", "efficientnet-b7"):
    for decoder in ("unet", "unet++", "deeplabv3", "deeplabv3+"):
        if not (name == "vgg19" and decoder.startswith("deeplab")):
            CASES[f"{decoder}-{name}"] = (lambda n=name, d=decoder: network(d, n), [1, 1, 64, 64], False)


def sampled(t):
    flat = t.detach().double().flatten()
    count = len(flat)
    at = np.unique(np.linspace(0, count - 1, min(256, count)).round().astype(int))
    digits = lambda v: float(f"{v:.8g}")
    return {
        "shape": list(t.shape),
        "largest": digits(flat.abs().max().item()),
        "deviation": digits(flat.std().item()),
        "at": at.tolist() if count > 256 else None,
        "values": [digits(v) for v in flat[torch.from_numpy(at)].tolist()],
    }


def without_masks(model):
    """Masks of dropout and stochastic depth are drawn by other rules there and here."""
    for m in model.modules():
        if isinstance(m, torch.nn.Dropout):
            m.p = 0.0
        if hasattr(m, "_drop_connect_rate"):
            m._drop_connect_rate = 0.0


def gradients(model, x):
    model.train().zero_grad()
    loss = model(x).square().mean()
    loss.backward()
    weights = [(n, p.grad) for n, p in model.named_parameters() if p.dim() > 1 and p.grad is not None]
    return loss.item(), dict((weights[0], weights[-1]))


def steady(model, shape):
    """The first image whose gradients float32 gives as float64 does, within a fifth of what the test allows: a ReLU or a
    max pooling that stands near its edge goes another way in float32, with another gradient, however right the network is."""
    single = copy.deepcopy(model).float()
    for number in range(60):
        x = image_of(shape, number)
        _, exact = gradients(model, x.double())
        _, rounded = gradients(single, x)
        worst = max(((rounded[n].double() - g).abs().max() / g.abs().max()).item() for n, g in exact.items())
        if worst < 2e-5:
            return number
    raise SystemExit("no image of 60 is steady")


def case(build, shape, train):
    model = fill(build()).double().eval()
    with torch.no_grad():
        y = model(image_of(shape).double())
    found = {"input": shape, "output": sampled(y)}
    if train:
        batch = [2, *shape[1:]]
        without_masks(model)
        number = steady(model, batch)
        loss, grads = gradients(model, image_of(batch, number).double())
        found["train"] = {
            "input": batch,
            "image": number,
            "loss": loss,
            "gradients": {n: sampled(g) for n, g in grads.items()},
        }
    return found


if __name__ == "__main__":
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or CASES:
        found = case(*CASES[name])
        (out / f"{name}.json").write_text(json.dumps(found))
        print(name, found.get("train", {}).get("image"), found["output"]["largest"], found["output"]["deviation"] / found["output"]["largest"], flush=True)
