"""Random shapes, values and attributes for the parity cases. Every number fits float32 exactly."""
import numpy as np
import torch

SIZES = [1, 1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 16, 17, 23, 29, 31, 37]


class Redraw(Exception):
    """This draw makes no sample; the caller draws again."""


def f32(value):
    """A Python float that float32 holds exactly, so that a kernel's parameter is the oracle's."""
    return float(np.float32(value))


class Draw:
    def __init__(self, seed_words, limit):
        self.rng = np.random.default_rng(seed_words)
        self.limit = limit

    def chance(self, p):
        return bool(self.rng.random() < p)

    def pick(self, items):
        return items[int(self.rng.integers(len(items)))]

    def integer(self, low, high):
        """Uniform in [low, high], both included."""
        return int(self.rng.integers(low, high + 1))

    def flag(self):
        return self.chance(0.5)

    def shape(self, low, high, large=True):
        """A shape of low..high axes; one in twenty is of many workgroups where `large` allows it."""
        if large and self.limit >= 4096 and self.chance(0.05):
            return self.split(self.integer(8000, 20000), self.integer(max(low, 1), high))
        rank = self.integer(low, high)
        while True:
            shape = [self.pick(SIZES) for _ in range(rank)]
            if np.prod(shape, dtype=int) <= self.limit:
                return shape

    def split(self, total, rank):
        """About `total` elements over `rank` axes, none of a round size."""
        shape = []
        for left in range(rank, 1, -1):
            n = max(1, int(round(total ** (1 / left) * self.rng.uniform(0.5, 1.8))))
            shape.append(n)
            total = max(1, total // n)
        return shape + [total]

    def image(self, low=1, high=19, channels=None, budget=None):
        """[N, C, H, W]; H and W from low..high."""
        budget = budget or self.limit
        for _ in range(1000):
            n = self.pick([1, 1, 2, 3])
            c = channels or self.pick([1, 1, 2, 3, 4, 5, 7])
            shape = [n, c, self.integer(low, high), self.integer(low, high)]
            if np.prod(shape, dtype=int) <= budget:
                return shape
        raise Redraw

    def exact(self, values):
        return np.asarray(values, dtype=np.float32).astype(np.float64)

    def scale(self, scales=(1e-6, 1e-3, 1e3, 1e5)):
        """1 for most draws, an extreme magnitude for one in six."""
        return self.pick(scales) if self.chance(1 / 6) else 1.0

    def normal(self, shape, scale=1.0):
        return self.exact(self.rng.standard_normal(shape) * scale)

    def uniform(self, shape, low, high):
        return self.exact(self.rng.uniform(low, high, shape))

    def ties(self, shape):
        """Few different values, zero among them: equal neighbors, and values right on a kink."""
        return self.exact(self.rng.integers(-4, 5, shape) * 0.25)

    def away_from_one(self, shape, low, high):
        """Positive, log-uniform, at least a tenth away from 1: WGSL's log is exact to an absolute error there."""
        small = np.exp(self.rng.uniform(np.log(low), np.log(0.9), shape))
        large = np.exp(self.rng.uniform(np.log(1.1), np.log(high), shape))
        return self.exact(np.where(self.rng.random(shape) < 0.5, small, large))

    def broadcast(self, shape):
        """Two shapes that broadcast to `shape`."""
        a, b = list(shape), list(shape)
        if self.chance(0.7):
            for axis in range(len(shape)):
                which = self.integer(0, 5)
                if which < 2:
                    (a, b)[which][axis] = 1
            cut = self.integer(0, len(shape))
            short = self.flag()
            if all(n == 1 or other == n for n, other in zip(shape[:cut], (a if short else b)[:cut])):
                if short:
                    b = b[cut:]
                else:
                    a = a[cut:]
        return a, b

    def axes(self, rank):
        """A non-empty set of axes, in order."""
        while True:
            axes = [axis for axis in range(rank) if self.flag()]
            if axes:
                return axes


def nearest_is_exact(n, m):
    """Whether PyTorch enlarges n to m by the neighbor floor(i n / m), forward and backward: it rounds n / m to float32, and the
    gradient takes another way than the value, so that at about one pair of sizes in a hundred it is wrong."""
    ramp = torch.arange(n, dtype=torch.float64).reshape([1, 1, n]).requires_grad_()
    y = torch.nn.functional.interpolate(ramp, size=[m])
    want = torch.arange(m) * n // m
    weights = torch.arange(1, m + 1, dtype=torch.float64)
    y.backward(weights.reshape([1, 1, m]))
    there = torch.zeros(n, dtype=torch.float64).index_add_(0, want, weights)
    return torch.equal(y.detach().flatten().long(), want) and torch.equal(ramp.grad.flatten(), there)
