import torch.nn.functional as F

from common.convs import convolution
from common.op import op


@op("conv3d")
def conv3d(d):
    return convolution(d, 3, F.conv3d, [1, 2, 3, 3, 4], d.pick([5, 9, 13]))
