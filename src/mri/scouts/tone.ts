import { type Plane, patientFromPixel } from "../../geometry/index.ts";
import type { Random } from "../../random.ts";

const steps = 256;
/** Curves reach this far above the brightest tissue; beyond, they go on as a straight line. */
const top = 2;

/** A random rising curve from gray to gray (1 = brightest tissue), as a table: contrast and gamma in one. */
export interface ToneCurve {
  readonly table: Float32Array;
}

/**
 * @param contrast spread (natural log) of the curve's slope in each of four parts of the gray scale; 0 keeps it straight.
 * @param gamma largest exponent; the smallest is its reciprocal.
 */
export const drawToneCurve = (random: Random, contrast: number, gamma: number): ToneCurve => {
  const slopes = [0, 1, 2, 3].map(() => Math.exp(contrast * random.normal()));
  const exponent = Math.exp(random.uniform(-1, 1) * Math.log(gamma));
  const sum = slopes.reduce((a, b) => a + b);
  const bent = (u: number): number => {
    let y = 0;
    for (let k = 0; k < 4; k++)
      y += slopes[k] * Math.min(Math.max(k === 3 ? u * 4 - k : Math.min(u * 4 - k, 1), 0), 4 * top);
    return y / sum;
  };
  return { table: Float32Array.from({ length: steps + 2 }, (_, i) => bent((i / steps) * top) ** exponent) };
};

/** Applies a curve in place to gray values whose brightest tissue is `bright`; the result's is 1. */
export const applyTone = (data: Float32Array, { table }: ToneCurve, bright: number): void => {
  const factor = bright > 0 ? steps / top / bright : 0;
  for (let i = 0; i < data.length; i++) {
    const u = data[i] * factor;
    const at = u <= 0 ? 0 : Math.min(u, steps);
    const k = at | 0;
    data[i] = table[k] + (at - k) * (table[k + 1] - table[k]);
  }
};

/** A smooth gain over the scanner's space: the exponential of a random quadratic in x, y, z. Nine coefficients. */
export type BiasField = readonly number[];

/** Half of the field of view: the quadratic's unit of length, mm. */
const unit = 100;

/** @param strength spread (natural log) of the gain at 100 mm from the isocenter. */
export const drawBiasField = (random: Random, strength: number): BiasField =>
  Array.from({ length: 9 }, () => (strength / 2) * random.normal());

/** Multiplies an image by the field, in place. */
export const applyBias = (data: Float32Array, plane: Plane, [a, b, c, aa, bb, cc, ab, ac, bc]: BiasField): void => {
  for (let r = 0; r < plane.rows; r++) {
    const start = patientFromPixel(plane, [0, r]);
    const end = patientFromPixel(plane, [1, r]);
    for (let k = 0; k < plane.columns; k++) {
      const x = (start[0] + k * (end[0] - start[0])) / unit;
      const y = (start[1] + k * (end[1] - start[1])) / unit;
      const z = (start[2] + k * (end[2] - start[2])) / unit;
      data[r * plane.columns + k] *= Math.exp(
        a * x + b * y + c * z + aa * x * x + bb * y * y + cc * z * z + ab * x * y + ac * x * z + bc * y * z,
      );
    }
  }
};
