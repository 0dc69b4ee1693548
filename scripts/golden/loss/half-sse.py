from common.losses import loss, two

loss("half_sse", two, lambda a, b: 0.5 * (a - b) ** 2)
