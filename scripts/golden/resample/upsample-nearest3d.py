from common.resample import resampling

resampling("nearest", 3, 9)
