from common.draw import f32
from common.losses import loss, moderate

loss("elastic_loss", moderate, lambda a, b, mix: mix * (a - b) ** 2 + (1 - mix) * (a - b).abs(),
     lambda d: {"mix": f32(d.pick([0.0, 0.1, 0.5, 0.75, 1.0]))})
