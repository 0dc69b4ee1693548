from common.op import op


@op("squeeze")
def squeeze(d):
    shape = [1 if d.chance(0.4) else n for n in d.shape(0, 5)]
    x = d.normal(shape, d.scale())
    if d.chance(0.3):
        return [x], {}, lambda t: t.squeeze()
    axes = [a for a, n in enumerate(shape) if n == 1 and d.flag()]
    axes = [a - len(shape) if d.chance(0.3) else a for a in axes]
    return [x], {"axes": axes}, lambda t: t.squeeze(axes)
