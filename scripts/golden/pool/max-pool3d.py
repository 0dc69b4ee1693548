from common.pools import max_pool

max_pool(3)
