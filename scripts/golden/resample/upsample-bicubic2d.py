from common.resample import resampling

resampling("bicubic", 2, 17)
