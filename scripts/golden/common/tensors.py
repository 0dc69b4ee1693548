"""Reductions."""
from common.op import op


def reduction(name, function, ties=False):
    @op(name)
    def make(d):
        shape = d.shape(1, 5)
        axes, keepdim = d.axes(len(shape)), d.flag()
        x = d.ties(shape) if ties and d.chance(0.4) else d.normal(shape, d.scale())
        return [x], {"axes": axes, "keepdim": keepdim}, lambda t: function(t, dim=axes, keepdim=keepdim)
