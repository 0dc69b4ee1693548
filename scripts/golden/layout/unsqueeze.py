from common.op import op


@op("unsqueeze")
def unsqueeze(d):
    shape = d.shape(0, 4)
    axis = d.integer(-len(shape) - 1, len(shape))
    return [d.normal(shape, d.scale())], {"axis": axis}, lambda x: x.unsqueeze(axis)
