"""Five steps of PyTorch's optimizers on given gradients, and the factors of its schedules, in float64.

python scripts/golden/optimizers.py > test/golden/optimizers.json
"""
import json
import warnings

import numpy as np
import torch

warnings.filterwarnings("ignore")  # schedules are stepped here without an optimizer step
rng = np.random.default_rng(11)
SHAPES = {"a.weight": (3, 2), "b.weight": (5,)}
STEPS = 5


def draw(shape, scale=1.0):
    return torch.tensor((rng.standard_normal(shape) * scale).astype(np.float32), dtype=torch.float64)


start = {k: draw(s) for k, s in SHAPES.items()}
grads = [{k: draw(s, 0.7) for k, s in SHAPES.items()} for _ in range(STEPS)]


def run(make, clip=None):
    parameters = {k: v.clone().requires_grad_() for k, v in start.items()}
    optimizer = make(parameters)
    history = []
    for step in grads:
        for k, p in parameters.items():
            p.grad = step[k].clone()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(list(parameters.values()), clip)
        optimizer.step()
        history.append({k: p.detach().flatten().tolist() for k, p in parameters.items()})
    return history


class Lasagne:
    """Lasagne's momentum and Nesterov updates, written out: the velocity holds the learning rate, which changes here."""

    def __init__(self, params, lr, momentum, nesterov):
        self.params, self.lr, self.momentum, self.nesterov = list(params), lr, momentum, nesterov
        self.velocity = [torch.zeros_like(p) for p in self.params]
        self.steps = 0

    def step(self):
        lr = self.lr * FACTORS[self.steps]
        self.steps += 1
        with torch.no_grad():
            for p, v in zip(self.params, self.velocity):
                v.mul_(self.momentum).sub_(lr * p.grad)
                p.add_(self.momentum * v - lr * p.grad if self.nesterov else v)


class Varied(torch.optim.SGD):
    def step(self):
        at = getattr(self, "at", 0)
        for group in self.param_groups:
            group["lr"] = 0.1 * FACTORS[at]
        self.at = at + 1
        super().step()


FACTORS = [1.0, 0.5, 0.25, 2.0, 0.125]


def all_of(cls, **options):
    return lambda p: cls(p.values(), **options)


def grouped(p):
    return torch.optim.AdamW([{"params": [p["a.weight"]], "lr": 1e-3, "weight_decay": 0.0}, {"params": [p["b.weight"]]}], lr=1e-2, weight_decay=0.1)


cases = {
    "sgd": (all_of(torch.optim.SGD, lr=0.1), None),
    "sgd momentum": (all_of(torch.optim.SGD, lr=0.1, momentum=0.9, weight_decay=0.01), None),
    "sgd nesterov": (all_of(torch.optim.SGD, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01), None),
    "adam": (all_of(torch.optim.Adam, lr=0.01), None),
    "adam decay": (all_of(torch.optim.Adam, lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1), None),
    "adamw": (all_of(torch.optim.AdamW, lr=0.01, weight_decay=0.1), None),
    "adamw groups": (grouped, None),
    "sgd clip": (all_of(torch.optim.SGD, lr=0.1, momentum=0.9), 1.0),
    "sgd rates": (all_of(Varied, lr=0.1, momentum=0.9, nesterov=True), None),
    "sgd lasagne rates": (all_of(Lasagne, lr=0.1, momentum=0.9, nesterov=False), None),
    "sgd lasagne nesterov rates": (all_of(Lasagne, lr=0.1, momentum=0.9, nesterov=True), None),
    "adam decoupled": (all_of(torch.optim.AdamW, lr=0.01, weight_decay=0.1), None),
    "adagrad": (all_of(torch.optim.Adagrad, lr=0.1), None),
    "adagrad all": (all_of(torch.optim.Adagrad, lr=0.1, lr_decay=0.25, weight_decay=0.05, initial_accumulator_value=0.5, eps=1e-6), 1.0),
    "rmsprop": (all_of(torch.optim.RMSprop, lr=0.01), None),
    "rmsprop momentum": (all_of(torch.optim.RMSprop, lr=0.01, alpha=0.9, momentum=0.8, weight_decay=0.05), None),
    "rmsprop centered": (all_of(torch.optim.RMSprop, lr=0.01, centered=True, eps=1e-4), None),
    "rmsprop all": (all_of(torch.optim.RMSprop, lr=0.01, alpha=0.9, momentum=0.8, centered=True, eps=1e-4), 0.25),
    "adam clip": (all_of(torch.optim.Adam, lr=0.01), 0.25),
}


def factors(make, count, metrics=None):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = make(optimizer)
    out = []
    for i in range(count):
        out.append(optimizer.param_groups[0]["lr"])
        schedule.step(*([metrics[i]] if metrics else []))
    return out


S = torch.optim.lr_scheduler
metrics = [3, 2, 2.5, 2.4, 2.3, 1.99995, 2.2, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0, 2.1]
result = {
    "origin": f"scripts/golden/optimizers.py, PyTorch {torch.__version__.split('+')[0]}",
    "start": {k: v.flatten().tolist() for k, v in start.items()},
    "grads": [{k: v.flatten().tolist() for k, v in g.items()} for g in grads],
    "norms": [float(torch.cat([v.flatten() for v in g.values()]).norm()) for g in grads],
    "factors": FACTORS,
    "cases": {k: run(make, clip) for k, (make, clip) in cases.items()},
    "schedules": {
        "one cycle": factors(lambda o: S.OneCycleLR(o, max_lr=1.0, total_steps=20, cycle_momentum=False), 20),
        "one cycle short": factors(
            lambda o: S.OneCycleLR(o, max_lr=1.0, total_steps=17, pct_start=0.1, div_factor=10, final_div_factor=100, cycle_momentum=False), 17
        ),
        "cosine": factors(lambda o: S.CosineAnnealingLR(o, T_max=20, eta_min=0.1), 20),
        "step": factors(lambda o: S.StepLR(o, step_size=3, gamma=0.5), 10),
        "plateau": factors(lambda o: S.ReduceLROnPlateau(o, factor=0.5, patience=2), len(metrics), metrics),
        "plateau metrics": metrics,
    },
}
print(json.dumps(result, separators=(",", ":")))
