import torch

from common.op import op


@op("eye", constant=[0])
def eye(d):
    most = 60 if d.limit >= 1024 else 7
    rows, columns = d.integer(1, most), d.integer(1, most)
    attrs = {"rows": rows, "columns": columns}
    if d.chance(0.3):
        attrs, columns = {"rows": rows}, rows
    return [d.exact(1.0)], attrs, lambda x: torch.eye(rows, columns, dtype=x.dtype)
