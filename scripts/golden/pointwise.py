"""Elementwise ops. An op is a function from Draw to (inputs, attrs, function of float64 tensors)."""
import torch
import torch.nn.functional as F

from draw import f32

OPS = {}


def op(name):
    def keep(make):
        OPS[name] = make
        return make

    return keep


def binary(name, function, values):
    def make(d):
        a, b = d.broadcast(d.shape(0, 5))
        x, y = values(d, a, b)
        return [x, y], {}, function

    OPS[name] = make


def plain(d, a, b):
    return d.normal(a, d.scale()), d.normal(b, d.scale())


def divided(d, a, b):
    sign = d.rng.choice([-1.0, 1.0], b)
    return d.normal(a, d.scale()), d.exact(sign * d.rng.uniform(0.2, 3, b) * d.scale((1e-4, 1e-2, 1e3, 1e5)))


def powers(d, a, b):
    base = d.away_from_one(a, 0.02, 50) if d.chance(1 / 6) else d.away_from_one(a, 0.2, 3)
    exponent = d.exact(d.rng.integers(-3, 4, b)) if d.chance(0.3) else d.uniform(b, -3, 3)
    return base, exponent


def tied(d, a, b):
    return (d.ties(a), d.ties(b)) if d.chance(0.4) else plain(d, a, b)


binary("add", torch.add, plain)
binary("sub", torch.sub, plain)
binary("mul", torch.mul, plain)
binary("div", torch.div, divided)
binary("pow", torch.pow, powers)
binary("maximum", torch.maximum, tied)
binary("minimum", torch.minimum, tied)


def unary(name, function, values):
    def make(d):
        return [values(d, d.shape(0, 5))], {}, function

    OPS[name] = make


def any_value(d, shape):
    return d.ties(shape) if d.chance(0.2) else d.normal(shape, d.scale())


def bent(d, shape):
    """For curves that saturate: mostly where they bend, at times far out."""
    return d.uniform(shape, -60, 60) if d.chance(1 / 6) else d.uniform(shape, -5, 5)


def positive(d, shape):
    return d.away_from_one(shape, 1e-12, 1e12) if d.chance(1 / 6) else d.away_from_one(shape, 0.05, 20)


unary("neg", torch.neg, any_value)
unary("abs", torch.abs, any_value)
unary("square", torch.square, any_value)
unary("exp", torch.exp, lambda d, s: d.uniform(s, -30, 30) if d.chance(1 / 6) else d.uniform(s, -4, 4))
unary("log", torch.log, positive)
unary("sqrt", torch.sqrt, positive)
unary("sigmoid", torch.sigmoid, bent)
unary("tanh", torch.tanh, bent)
unary("relu", torch.relu, any_value)
unary("silu", F.silu, bent)
# PyTorch's softplus is the identity above `threshold`; without that it is log(1 + exp(x)) everywhere.
unary("softplus", lambda x: F.softplus(x, threshold=200), bent)


@op("leaky_relu")
def leaky_relu(d):
    slope = f32(d.pick([0.01, 0.1, 0.2, 0.3]))
    return [any_value(d, d.shape(0, 5))], {"negative_slope": slope}, lambda x: F.leaky_relu(x, slope)


@op("clamp")
def clamp(d):
    low, high = sorted([d.integer(-8, 8) / 4, d.integer(-8, 8) / 4])
    if low == high:
        high += 0.5
    attrs = {"min": low, "max": high}
    if d.chance(0.3):
        del attrs[d.pick(["min", "max"])]
    x = d.ties(d.shape(0, 5)) if d.chance(0.3) else d.normal(d.shape(0, 5), d.pick([1.0, 2.0]))
    return [x], attrs, lambda t: torch.clamp(t, attrs.get("min"), attrs.get("max"))


@op("dropout")
def dropout(d):
    p = f32(d.pick([0.0, 0.1, 0.25, 0.5, 0.7]))
    shape = d.shape(1, 5)
    mask = d.exact(d.rng.random(shape) >= p)
    return [d.normal(shape, d.scale()), mask], {"p": p}, lambda x, m: x * m.detach() / (1 - p)
