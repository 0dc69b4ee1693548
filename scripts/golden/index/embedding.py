import torch.nn.functional as F

from common.draw import Redraw
from common.indexing import indices
from common.op import op


@op("embedding", constant=[0])
def embedding(d):
    v, width = d.integer(1, 40), d.pick([1, 2, 3, 8, 17, 64])
    index = indices(d, d.shape(0, 3, large=False), v)
    if index.size * width > 30000:
        raise Redraw
    return [index, d.normal([v, width], d.scale())], {}, lambda i, w: F.embedding(i.long(), w)
