from common.op import op
from common.pointwise import any_value


@op("hard_step", constant=[0])
def hard_step(d):
    threshold = d.integer(-6, 6) / 8
    x = any_value(d, d.shape(0, 5))
    return [x], {"threshold": threshold}, lambda t: (t > threshold).double()
