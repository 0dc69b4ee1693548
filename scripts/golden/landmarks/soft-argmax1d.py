from common.places import side, soft_argmax

soft_argmax("soft_argmax1d", lambda d: [side(d, 300)])
