from common.convs import padded
from common.op import op


@op("pad_reflect")
def pad_reflect(d):
    return padded(d, "reflect")
