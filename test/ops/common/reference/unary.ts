/** One-input elementwise ops, from value and slope. */
import { type Attrs, type Reference, zeros } from "../ref.ts";

interface UnaryRule {
  value(x: number, attrs: Attrs): number;
  /** Left out: the op has no gradient. */
  slope?(x: number, attrs: Attrs): number;
}

export const sigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
};

/** From value and slope. At a kink the slope is PyTorch's: 0 for abs and relu, negative_slope for leaky_relu, 1 for clamp. */
export const unaryReference = ({ value, slope }: UnaryRule): Reference => ({
  forward([x], attrs) {
    const out = zeros(x.shape);
    for (let i = 0; i < x.data.length; i++) out.data[i] = value(x.data[i], attrs);
    return out;
  },
  backward([x], attrs, gradOut) {
    if (!slope) return [null];
    const gx = zeros(x.shape);
    for (let i = 0; i < x.data.length; i++) gx.data[i] = gradOut.data[i] * slope(x.data[i], attrs);
    return [gx];
  },
});
