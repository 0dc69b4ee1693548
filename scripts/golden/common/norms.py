"""Group, instance and layer norm."""
import numpy as np


def offset(d, shape):
    """Values of any size and spread, in a third of the draws far from 0."""
    x = d.normal(shape) * d.pick([1.0, 1.0, 1e-3, 100.0])
    center = d.pick([0.0, 0.0, 10.0, 1000.0]) * float(np.abs(x).max()) if d.chance(1 / 3) else 0.0
    return d.exact(x + center)


def affine(d, shape):
    """A weight and a bias, a weight alone, or none."""
    return [d.normal(shape), d.normal(shape)][: d.pick([0, 1, 2, 2, 2])]


def sized(d, low, budget=None):
    if d.chance(0.6) and low <= 4:
        return d.image(1, 17)
    return d.shape(low, 5)
