from common.op import op


@op("ohkm")
def ohkm(d):
    n, k = d.pick([1, 2, 3, 8, 32, 130]), d.integer(1, 60)
    top = d.integer(1, 12)
    x = d.exact(abs(d.normal([n, k], d.scale())))
    return [x], {"top": top}, lambda x: x.topk(min(top, k), 1).values.mean()
