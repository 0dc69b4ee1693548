"""conv2d, upsampling and batch norm."""
from common.draw import Redraw


def four_sides(d, reach):
    """[top, bottom, left, right], asymmetric in half of the draws; `reach` = largest (vertical, horizontal)."""
    v, h = reach
    if d.flag():
        y, x = d.integer(0, v), d.integer(0, h)
        return [y, y, x, x]
    return [d.integer(0, v), d.integer(0, v), d.integer(0, h), d.integer(0, h)]


def check_fits(shape, padding, extent):
    top, bottom, left, right = padding
    if shape[2] + top + bottom < extent[0] or shape[3] + left + right < extent[1]:
        raise Redraw


def new_size(d, shape):
    if d.chance(0.4):
        factor = d.pick([2, 2, 3, 4, 8])
        return [shape[2] * factor, shape[3] * factor]
    return [d.integer(1, 33), d.integer(1, 33)]


def small_enough(d, shape, size):
    if shape[0] * shape[1] * size[0] * size[1] > 2 * d.limit:
        raise Redraw
