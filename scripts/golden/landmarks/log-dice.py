from common.draw import f32
from common.landmark_losses import channels, targets
from common.op import op


@op("log_dice", constant=[1, 2])
def log_dice(d):
    shape, eps = channels(d), f32(d.pick([0.0, 1e-6, 1.0]))
    # A map that is empty on both sides has no Dice share without eps; one whose target is empty has no logarithm.
    t = targets(d, shape)
    if eps < 1:
        t = d.exact(t + 0.05 * d.rng.random(shape))
    weight = d.uniform([shape[1]], 0.2, 3)

    def run(p, t, w):
        over = tuple(range(2, len(shape)))
        total = (lambda x: x.sum(over)) if over else (lambda x: x)
        share = (2 * total(p * t) + eps) / (total(p * p) + total(t * t) + eps)
        return (-w * share.mean(0).log()).sum()

    return [d.uniform(shape, 0.01, 1), t, weight], {"eps": eps}, run
