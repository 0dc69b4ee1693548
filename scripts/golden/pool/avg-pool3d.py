from common.pools import avg_pool

avg_pool(3)
