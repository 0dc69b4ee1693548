from common.pools import adaptive

adaptive(1)
