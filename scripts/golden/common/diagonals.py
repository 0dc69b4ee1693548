"""Triangles and diagonals of matrices."""
from common.op import op


def triangle(name, function):
    @op(name)
    def make(d):
        shape = d.shape(2, 5)
        diagonal = d.integer(-shape[-2], shape[-1]) if d.flag() else 0
        attrs = {"diagonal": diagonal} if diagonal or d.flag() else {}
        return [d.normal(shape, d.scale())], attrs, lambda x: function(x, diagonal)
