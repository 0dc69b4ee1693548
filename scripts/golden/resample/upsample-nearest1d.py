from common.resample import resampling

resampling("nearest", 1, 60)
