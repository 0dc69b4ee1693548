from common.convs import padded
from common.op import op


@op("pad_replicate")
def pad_replicate(d):
    return padded(d, "replicate")
