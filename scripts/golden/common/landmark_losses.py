"""Inputs of losses over channels."""


def channels(d):
    """[N, C, ...] of rank 2 to 5, many classes at times."""
    shape = d.shape(2, 5)
    if d.chance(0.2):
        shape = [d.integer(1, 9), d.integer(50, 400)]
    return shape


def targets(d, shape):
    return d.uniform(shape, 0, 1) if d.flag() else d.exact(d.rng.random(shape) < 0.3)
