/** The error function and what is left of it. */

const series = (x: number): number => {
  let term = x;
  let sum = x;
  for (let n = 1; n < 80; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
};

/** erfc(x), as a part of its own size: the series of erf where that is small, the continued fraction (Lentz) beyond. */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (x < 2) return 1 - series(x);
  let tail = x;
  for (let k = 200; k >= 1; k--) tail = x + k / 2 / tail;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
}

/** erf(x), as a part of its own size. */
export const erf = (x: number): number => (Math.abs(x) < 2 ? series(x) : 1 - erfc(x));
