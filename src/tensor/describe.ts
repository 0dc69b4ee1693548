import { type Shape, show, sizeOf } from "./shape.ts";

/** A tensor as text: its numbers where somebody has read them, in nested brackets as numpy and PyTorch print them. */

/** Numbers that were read back, or of a large tensor some of them. */
export interface Preview {
  readonly shape: Shape;
  readonly numbers: ArrayLike<number>;
  /** Rows that are left out are dots: this many are shown at either end of a dimension. */
  readonly ends?: number;
}

const most = 200;
const shown = 3;

const isCut = (length: number): boolean => length > 2 * shown + 1;

/** What is kept of numbers for printing: all of them, or those at the ends of each dimension. */
export function previewOf(shape: Shape, numbers: ArrayLike<number>): Preview {
  if (sizeOf(shape) <= most) return { shape, numbers: Array.from(numbers) };
  const kept: number[] = [];
  const walk = (d: number, at: number): void => {
    if (d === shape.length) {
      kept.push(numbers[at]);
      return;
    }
    const n = shape[d];
    const step = sizeOf(shape.slice(d + 1));
    for (let i = 0; i < n; i++) {
      if (isCut(n) && i === shown) i = n - shown;
      walk(d + 1, at + i * step);
    }
  };
  walk(0, 0);
  return { shape, numbers: kept, ends: shown };
}

const number = (v: number): string =>
  Object.is(v, -0) ? "-0" : Number.isInteger(v) && Math.abs(v) < 1e7 ? `${v}` : `${Number(v.toPrecision(5))}`;

/** `[[1, 2], [3, 4]]`, a row a line. */
export function showNumbers({ shape, numbers, ends }: Preview): string {
  let at = 0;
  const rows = (d: number): string => {
    if (d === shape.length) return number(numbers[at++]);
    const n = shape[d];
    const cut = ends !== undefined && isCut(n);
    const parts: string[] = [];
    for (let i = 0; i < (cut ? 2 * ends : n); i++) {
      if (cut && i === ends) parts.push("...");
      parts.push(rows(d + 1));
    }
    const last = d === shape.length - 1;
    return `[${parts.join(last ? ", " : `,\n${" ".repeat(d + 1)}`)}]`;
  };
  return rows(0);
}

/** What is known of a tensor beside its numbers. */
export interface About {
  readonly shape: Shape;
  readonly dtype: string;
  /** "of shape only", "disposed", or the adapter it lies on. */
  readonly place: string;
  readonly requiresGrad: boolean;
  readonly numbers: Preview | undefined;
}

/** `Tensor [2, 3] f32 on SwiftShader driver 5.0.0, requires grad`, and the numbers below where they were read. */
export const describe = ({ shape, dtype, place, requiresGrad, numbers }: About): string =>
  `Tensor ${show(shape)} ${dtype} ${place}${requiresGrad ? ", requires grad" : ""}${numbers ? `\n${showNumbers(numbers)}` : ""}`;
