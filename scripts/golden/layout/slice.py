from common.op import op


@op("slice")
def slice_(d):
    shape = d.shape(1, 5)
    starts = [d.integer(0, n - 1) for n in shape]
    ends = [d.integer(s + 1, n) for s, n in zip(starts, shape)]
    cut = tuple(slice(s, e) for s, e in zip(starts, ends))
    return [d.normal(shape, d.scale())], {"starts": starts, "ends": ends}, lambda x: x[cut]
