"""Weights and images that both sides draw by one rule from a name: test/harness/drawn.ts is its twin.

Number i of a name is a 32-bit hash (MurmurHash3's finalizer) of i and of the name's FNV-1a, as a float of 24 bits in [0, 1).
"""
import numpy as np
import torch


def unit(name, count):
    h = 0x811C9DC5
    for byte in name.encode():
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    with np.errstate(over="ignore"):
        v = (np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B1)) ^ np.uint32(h)
        v ^= v >> np.uint32(16)
        v *= np.uint32(0x85EBCA6B)
        v ^= v >> np.uint32(13)
        v *= np.uint32(0xC2B2AE35)
        v ^= v >> np.uint32(16)
    return (v >> np.uint32(8)).astype(np.float64) / 2**24


def tensor_of(name, shape):
    """A state's tensor by its name and shape: He's bound for weights, moderate numbers for everything else."""
    u = unit(name, int(np.prod(shape, dtype=np.int64)))
    if name.endswith("running_var"):
        v = 0.5 + u
    elif name.endswith("running_mean") or name.endswith("bias"):
        v = 0.4 * (u - 0.5)
    elif len(shape) == 1:
        v = 0.5 + u
    else:
        v = (2 * u - 1) * np.sqrt(6 / np.prod(shape[1:], dtype=np.float64))
    return torch.from_numpy(v.astype(np.float32)).reshape(shape)


def image_of(shape, number=0):
    """Numbers in [-1, 1) for the network's input."""
    return torch.from_numpy((2 * unit(f"image-{number}", int(np.prod(shape))) - 1).astype(np.float32)).reshape(shape)


def fill(model):
    """Draws every tensor of a model's state; counters become 0."""
    state = model.state_dict()
    model.load_state_dict(
        {k: torch.zeros_like(v) if k.endswith("num_batches_tracked") else tensor_of(k, tuple(v.shape)) for k, v in state.items()}
    )
    return model
