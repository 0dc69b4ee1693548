import torch.nn.functional as F

from common.draw import f32
from common.op import op
from common.pointwise import any_value


@op("leaky_relu")
def leaky_relu(d):
    slope = f32(d.pick([0.01, 0.1, 0.2, 0.3]))
    return [any_value(d, d.shape(0, 5))], {"negative_slope": slope}, lambda x: F.leaky_relu(x, slope)
