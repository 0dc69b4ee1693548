from common.op import op


@op("permute")
def permute(d):
    shape = d.shape(2, 5)
    perm = [int(i) for i in d.rng.permutation(len(shape))]
    return [d.normal(shape, d.scale())], {"perm": perm}, lambda x: x.permute(perm)
