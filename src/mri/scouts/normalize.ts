/** Shares of the pixels that become 0 and 1: air and nearly the brightest tissue. Outliers beyond them do not matter. */
const airShare = 0.1;
const brightShare = 0.98;
/** Values are kept below this, so that one glaring pixel (flow, fat near a coil) does not rule the network's input. */
const ceiling = 3;
/** Every third pixel is enough for two percentiles, and a side is hardly ever a multiple of three. */
const stride = 3;

/** The gray values that become 0 and 1. */
export const grayRange = (data: ArrayLike<number>): { low: number; high: number } => {
  const sample = new Float32Array(Math.ceil(data.length / stride));
  for (let i = 0, k = 0; i < data.length; i += stride) sample[k++] = data[i];
  sample.sort();
  const at = (share: number) => sample[Math.round(share * (sample.length - 1))];
  return { low: at(airShare), high: at(brightShare) };
};

/** Whether a picture shows nothing: from its dark tenth to nearly its brightest pixels, all have one value. */
export const isBlank = (data: ArrayLike<number>): boolean => {
  const { low, high } = grayRange(data);
  return !(high > low);
};

/**
 * Brings an image's gray values to the network's scale, in place: the 10th percentile becomes 0, the 98th 1 (times
 * `gain`), at most 3. The same in training and in use. An image without contrast becomes zeros.
 */
export const normalizeGray = (data: Float32Array, gain = 1): void => {
  const { low, high } = grayRange(data);
  const factor = high > low ? gain / (high - low) : 0;
  for (let i = 0; i < data.length; i++) {
    const v = (data[i] - low) * factor;
    data[i] = Math.min(v, ceiling);
  }
};
