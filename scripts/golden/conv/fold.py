import torch.nn.functional as F

from common.convs import columns
from common.op import op


@op("fold")
def fold(d):
    shape, size, entries, a = columns(d)
    top, _, left, _ = a["padding"]
    inside = (slice(None), slice(None), slice(top, top + shape[2]), slice(left, left + shape[3]))
    run = lambda x: F.fold(x, size, a["kernel"], a["dilation"], 0, a["stride"])[inside]
    return [d.normal(entries, d.scale())], {**a, "output_size": shape[2:]}, run
