from common.op import op


@op("reshape")
def reshape(d):
    shape = d.shape(1, 5)
    factors = []
    for n in shape:
        f = 2
        while n > 1:
            while n % f:
                f += 1
            factors.append(f)
            n //= f
    d.rng.shuffle(factors)
    new = [1] * d.integer(1, 5)
    for f in factors:
        new[d.integer(0, len(new) - 1)] *= int(f)
    return [d.normal(shape, d.scale())], {"shape": new}, lambda x: x.reshape(new)
