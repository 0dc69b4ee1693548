from common.draw import f32
from common.op import op


@op("dropout", constant=[1])
def dropout(d):
    p = f32(d.pick([0.0, 0.1, 0.25, 0.5, 0.7]))
    shape = d.shape(1, 5)
    mask = d.exact(d.rng.random(shape) >= p)
    return [d.normal(shape, d.scale()), mask], {"p": p}, lambda x, m: x * m.detach() / (1 - p)
