/**
 * Plain float64 arrays and the few index helpers that the references share. Nothing here knows of a GPU or of a kernel:
 * a reference is written from the definition of its op, slowly and in the open.
 */

/** A dense row-major array of float64. A scalar has shape []. */
export interface Ref {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export type Attrs = Readonly<Record<string, unknown>>;

export interface Reference {
  forward(inputs: readonly Ref[], attrs: Attrs): Ref;
  /** Gradient of sum(gradOut * forward) for each input; null where an input is a constant (a mask, a target). */
  backward(inputs: readonly Ref[], attrs: Attrs, gradOut: Ref): (Ref | null)[];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export const zeros = (shape: readonly number[]): Ref => ({ shape, data: new Float64Array(sizeOf(shape)) });

export const full = (shape: readonly number[], value: number): Ref => {
  const out = zeros(shape);
  out.data.fill(value);
  return out;
};

export function ref(shape: readonly number[], data: ArrayLike<number>): Ref {
  if (sizeOf(shape) !== data.length)
    throw new RangeError(`ref: [${shape}] wants ${sizeOf(shape)} values, got ${data.length}`);
  return { shape, data: Float64Array.from(data) };
}

/** Steps, in elements, of each axis of a row-major array. */
export function stridesOf(shape: readonly number[]): number[] {
  const out = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) out[i] = out[i + 1] * shape[i + 1];
  return out;
}

/** Every index of `shape` in row-major order; the array handed to `visit` is reused. */
export function eachIndex(shape: readonly number[], visit: (index: readonly number[], flat: number) => void): void {
  const count = sizeOf(shape);
  const index = new Array<number>(shape.length).fill(0);
  for (let flat = 0; flat < count; flat++) {
    visit(index, flat);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
}

/** The shape that numpy's broadcasting gives, or undefined where the shapes do not fit. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let i = 0; i < rank; i++) {
    const p = a[i - rank + a.length] ?? 1;
    const q = b[i - rank + b.length] ?? 1;
    if (p !== q && p !== 1 && q !== 1) return undefined;
    out.push(p === 1 ? q : p);
  }
  return out;
}

/** For each element of `out`, in row-major order, the flat place in an array of `shape` that is broadcast to it. */
export function broadcastMap(shape: readonly number[], out: readonly number[]): Int32Array {
  const own = stridesOf(shape);
  const lead = out.length - shape.length;
  const steps = out.map((_, axis) => (axis < lead || shape[axis - lead] === 1 ? 0 : own[axis - lead]));
  const map = new Int32Array(sizeOf(out));
  eachIndex(out, (index, flat) => {
    let at = 0;
    for (let axis = 0; axis < index.length; axis++) at += index[axis] * steps[axis];
    map[flat] = at;
  });
  return map;
}

/** Axes counted from 0, sorted; negative ones count from the end. */
export function normalAxes(axes: readonly number[], rank: number): number[] {
  return axes.map((a) => (a < 0 ? a + rank : a)).sort((a, b) => a - b);
}

export function numberOf(attrs: Attrs, name: string): number {
  const value = attrs[name];
  if (typeof value !== "number")
    throw new TypeError(`reference: attribute ${name} must be a number, got ${JSON.stringify(value)}`);
  return value;
}

export const numberOr = (attrs: Attrs, name: string, fallback: number): number =>
  attrs[name] === undefined || attrs[name] === null ? fallback : numberOf(attrs, name);

export function numbersOf(attrs: Attrs, name: string): number[] {
  const value = attrs[name];
  if (!Array.isArray(value) || value.some((v) => typeof v !== "number"))
    throw new TypeError(`reference: attribute ${name} must be a list of numbers, got ${JSON.stringify(value)}`);
  return value as number[];
}
