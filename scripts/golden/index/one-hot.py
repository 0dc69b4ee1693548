import torch.nn.functional as F

from common.draw import Redraw
from common.indexing import indices
from common.op import op


@op("one_hot", constant=[0])
def one_hot(d):
    classes = d.integer(2, 40)
    index = indices(d, d.shape(0, 3, large=False), classes)
    if index.size * classes > 30000:
        raise Redraw
    return [index], {"classes": classes}, lambda i: F.one_hot(i.long(), classes).double()
