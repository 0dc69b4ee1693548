import numpy as np
import torch.nn.functional as F

from common.draw import f32
from common.op import op
from common.pointwise import any_value


@op("elu")
def elu(d):
    alpha = f32(d.pick([1.0, 0.3, 1.5, 2.0]))
    x = d.exact(np.maximum(any_value(d, d.shape(0, 5)), -80))  # below, exp(x) is subnormal in float32
    return [x], {"alpha": alpha}, lambda t: F.elu(t, alpha)
