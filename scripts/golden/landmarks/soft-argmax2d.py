from common.places import side, soft_argmax

soft_argmax("soft_argmax2d", lambda d: [side(d, 40), side(d, 40)])
