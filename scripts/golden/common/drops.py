"""Channel dropout and stochastic depth, with the numbers of Fiducial's streams drawn anew here."""
import numpy as np
import torch

from common.op import op

ROTATIONS = [(13, 15, 26, 6), (17, 29, 16, 24)]


def words(key, count):
    """The first words of a stream: Threefry-2x32 of 20 rounds, from its paper (Salmon et al., SC 2011)."""
    blocks = (count + 1) // 2
    mask = np.uint64(0xFFFFFFFF)
    keys = [key[0], key[1], 0x1BD11BDA ^ key[0] ^ key[1]]
    x0 = (np.arange(blocks, dtype=np.uint64) + np.uint64(keys[0])) & mask
    x1 = np.full(blocks, keys[1], dtype=np.uint64)
    for group in range(5):
        for r in ROTATIONS[group % 2]:
            x0 = (x0 + x1) & mask
            x1 = (((x1 << np.uint64(r)) | (x1 >> np.uint64(32 - r))) & mask) ^ x0
        x0 = (x0 + np.uint64(keys[(group + 1) % 3])) & mask
        x1 = (x1 + np.uint64(keys[(group + 2) % 3]) + np.uint64(group + 1)) & mask
    return np.stack([x0, x1], 1).reshape(-1)[:count]


def dropped(name, lead):
    @op(name)
    def make(d):
        shape = d.shape(lead, 5)
        p = d.pick([0.1, 0.2, 0.25, 0.5, 0.7, 0.9])
        key = [d.integer(0, 2**32 - 1), d.integer(0, 2**32 - 1)]
        rows = int(np.prod(shape[:lead], dtype=int))
        keep = (words(key, rows) >> np.uint64(8)).astype(np.float64) / 2**24 >= p
        mask = torch.tensor(keep, dtype=torch.float64).reshape(shape[:lead] + [1] * (len(shape) - lead))
        return [d.normal(shape, d.scale())], {"p": p, "key": key}, lambda x: x * mask / (1 - p)
