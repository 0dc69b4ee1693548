from common.places import side, soft_argmax

soft_argmax("soft_argmax3d", lambda d: [side(d, 16), side(d, 16), side(d, 16)])
