/** Places along an axis in the order of what is there; the first of equals first, NaN as the largest. */
import { type Attrs, type Ref, zeros } from "../ref.ts";
import { axisOf, eachLine } from "./indexing.ts";

const before = (a: number, b: number): number => {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : Number(a > b);
};

/** For each entry of the result the flat place in x, and the place along the axis. */
export function inOrder(
  x: Ref,
  attrs: Attrs,
  descending: boolean,
  count?: number,
): { shape: number[]; flat: Int32Array; along: Ref } {
  const axis = axisOf(attrs, x.shape.length);
  const shape = x.shape.map((n, d) => (d === axis ? (count ?? n) : n));
  const along = zeros(shape);
  const flat = new Int32Array(along.data.length);
  const lines: number[][] = [];
  eachLine(x.shape, axis, (places) => lines.push(places));
  eachLine(shape, axis, (places, line) => {
    const from = lines[line];
    const order = from.map((_, i) => i);
    order.sort((i, j) => before(x.data[from[i]], x.data[from[j]]) * (descending ? -1 : 1) || i - j);
    places.forEach((p, i) => {
      flat[p] = from[order[i]];
      along.data[p] = order[i];
    });
  });
  return { shape, flat, along };
}

/** The gradient of x from that of its entries in order. */
export function spreadBack(x: Ref, flat: Int32Array, gradOut: Ref): Ref {
  const gx = zeros(x.shape);
  flat.forEach((p, i) => {
    gx.data[p] += gradOut.data[i];
  });
  return gx;
}
