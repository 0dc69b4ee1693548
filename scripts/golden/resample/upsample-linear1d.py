from common.resample import resampling

resampling("linear", 1, 60)
