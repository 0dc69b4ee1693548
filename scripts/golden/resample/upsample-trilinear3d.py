from common.resample import resampling

resampling("trilinear", 3, 9)
