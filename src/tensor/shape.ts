import { ShapeError } from "../errors.ts";

/** Sizes of a tensor's dimensions, outermost first. */
export type Shape = readonly number[];

export const sizeOf = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((v, i) => v === b[i]);

const names: Record<number, string[]> = {
  5: ["N", "C", "D", "H", "W"],
  4: ["N", "C", "H", "W"],
  3: ["N", "C", "W"],
  2: ["N", "C"],
};

/** A shape for messages: `[N=2, C=3, H=64, W=64]`; `dims` names the dimensions, else plain numbers. */
export const show = (shape: Shape, dims?: readonly string[] | "image"): string => {
  const n = dims === "image" ? names[shape.length] : dims;
  return `[${shape.map((v, i) => (n?.[i] ? `${n[i]}=${v}` : `${v}`)).join(", ")}]`;
};

/** Throws ShapeError unless every entry is a non-negative integer. */
export const checkShape = (shape: Shape, what: string): void => {
  if (!shape.every((v) => Number.isSafeInteger(v) && v >= 0))
    throw new ShapeError(`${what}: shape ${show(shape)} must hold non-negative integers`);
};

/** numpy's broadcasting of two shapes; throws ShapeError naming both. */
export const broadcastShapes = (op: string, a: Shape, b: Shape): Shape => {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      throw new ShapeError(
        `${op}: ${show(a)} and ${show(b)} do not broadcast: dimension ${i} (from the left of the longer) is ${x} and ${y}; make them equal, or one of them 1`,
      );
    out.push(x === 1 ? y : x);
  }
  return out;
};

/** One dimension or several; negative ones count from the end. */
export type Axes = number | readonly number[];

/** Axes counted from the end made plain, sorted, and checked; all of them by default. */
export const normalizeAxes = (op: string, axis: Axes | undefined, rank: number): number[] => {
  if (axis === undefined) return Array.from({ length: rank }, (_, i) => i);
  const axes = typeof axis === "number" ? [axis] : axis;
  if (!Array.isArray(axes))
    throw new ShapeError(
      `${op}: axis is ${axis === null ? "null" : `of type ${typeof axis}`}; give a number or a list of them (options such as { keepDims } come after it)`,
    );
  const out = axes.map((a) => (a < 0 ? a + rank : a));
  for (const [i, a] of out.entries())
    if (!Number.isInteger(a) || a < 0 || a >= rank)
      throw new ShapeError(`${op}: axis ${axes[i]} is outside a tensor of rank ${rank}; use -${rank} to ${rank - 1}`);
  if (new Set(out).size !== out.length)
    throw new ShapeError(`${op}: axes [${axes.join(", ")}] name one dimension twice`);
  return out.sort((x, y) => x - y);
};

/** Row-major strides, in elements. */
export const stridesOf = (shape: Shape): number[] => {
  const out = new Array<number>(shape.length);
  let s = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    out[i] = s;
    s *= shape[i];
  }
  return out;
};
