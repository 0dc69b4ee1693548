import numpy as np

from common.streams import streamed

# Box and Muller's way, two words a number.
streamed("randn", 2, lambda u: np.sqrt(-2 * np.log(u[:, 0] + 2.0**-24)) * np.cos(2 * np.pi * u[:, 1]))
