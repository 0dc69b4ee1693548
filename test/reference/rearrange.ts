/** Ops that move values: turned, rolled, repeated, split, stacked. */
import { axisOf } from "./indexing.ts";
import { type Mover, moveBy, moving } from "./layout.ts";
import { normalAxes, numbersOf, type Reference } from "./ref.ts";

const modulo = (a: number, n: number): number => ((a % n) + n) % n;

const flip: Mover = ([x], attrs) => {
  const axes = normalAxes(numbersOf(attrs, "axes"), x.length);
  return moveBy(x, [x], (index) => ({ input: 0, at: index.map((i, d) => (axes.includes(d) ? x[d] - 1 - i : i)) }));
};

const roll: Mover = ([x], attrs) => {
  const shifts = numbersOf(attrs, "shifts");
  const axes = numbersOf(attrs, "axes").map((a) => modulo(a, x.length));
  return moveBy(x, [x], (index) => ({
    input: 0,
    at: index.map((i, d) => (axes.includes(d) ? modulo(i - shifts[axes.indexOf(d)], x[d]) : i)),
  }));
};

const broadcastTo: Mover = ([x], attrs) => {
  const shape = numbersOf(attrs, "shape");
  return moveBy(shape, [x], (index) => ({
    input: 0,
    at: x.map((n, d) => (n === 1 ? 0 : index[d + shape.length - x.length])),
  }));
};

const repeat: Mover = ([x], attrs) => {
  const repeats = numbersOf(attrs, "repeats");
  const lead = repeats.length - x.length;
  return moveBy(
    repeats.map((r, d) => r * (x[d - lead] ?? 1)),
    [x],
    (index) => ({ input: 0, at: x.map((n, d) => index[d + lead] % n) }),
  );
};

/** The parts of the given sizes, joined again in the opposite order: one result that tells of every part. */
const split: Mover = ([x], attrs) => {
  const axis = axisOf(attrs, x.length);
  const sizes = numbersOf(attrs, "sizes");
  const order = Array.from({ length: x[axis] }, (_, i) => i);
  const parts: number[][] = [];
  for (const n of sizes) parts.unshift(order.splice(0, n));
  const from = parts.flat();
  return moveBy(x, [x], (index) => ({ input: 0, at: index.map((i, d) => (d === axis ? from[i] : i)) }));
};

const stack: Mover = (shapes, attrs) => {
  const [x] = shapes;
  const axis = axisOf(attrs, x.length + 1);
  return moveBy([...x.slice(0, axis), shapes.length, ...x.slice(axis)], shapes, (index) => ({
    input: index[axis],
    at: index.filter((_, d) => d !== axis),
  }));
};

const unsqueeze: Mover = ([x], attrs) => {
  const axis = axisOf(attrs, x.length + 1);
  return moveBy([...x.slice(0, axis), 1, ...x.slice(axis)], [x], (index) => ({
    input: 0,
    at: index.filter((_, d) => d !== axis),
  }));
};

/** Without `axes`, all dimensions of size 1 go. */
const squeeze: Mover = ([x], attrs) => {
  const axes = attrs.axes === undefined ? x.map((_, d) => d) : normalAxes(numbersOf(attrs, "axes"), x.length);
  const kept = x.map((_, d) => d).filter((d) => x[d] !== 1 || !axes.includes(d));
  return moveBy(
    kept.map((d) => x[d]),
    [x],
    (index) => ({ input: 0, at: x.map((_, d) => (kept.includes(d) ? index[kept.indexOf(d)] : 0)) }),
  );
};

export const rearrangeReferences: readonly Reference[] = [
  moving("flip", flip),
  moving("roll", roll),
  moving("broadcast_to", broadcastTo),
  moving("repeat", repeat),
  moving("split", split),
  moving("stack", stack),
  moving("unsqueeze", unsqueeze),
  moving("squeeze", squeeze),
];
