import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { withFloats } from "../common/scratch.ts";
import { type Constants, part, ranges } from "../elementwise/map.ts";
import { reduceAxis } from "../reduce/reduce.ts";
import { chunksOf } from "../reduce/softmax.ts";
import { lossesInputGrad } from "../wgsl/losses-input-grad.ts";
import { lossesSum } from "../wgsl/losses-sum.ts";
import { lossesTerms } from "../wgsl/losses-terms.ts";

/** A pointwise loss over [rows, length]: a WGSL expression of a, b and two constants, and weights, each for `span` entries. */
export interface LossTerms {
  readonly expression: string;
  readonly constants: Constants;
  readonly a: Binding;
  readonly b: Binding;
  readonly weight?: { readonly binding: Binding; readonly span: number };
}

/** loss [rows] = scale * the sums of the weighted terms over `length` entries each, at least one; in a fixed order. */
export function lossSum(
  device: Device,
  { expression, constants: [p0, p1], a, b, weight }: LossTerms,
  loss: Binding,
  { rows, length, scale }: { rows: number; length: number; scale: number },
): void {
  const chunks = chunksOf({ outer: rows, length, inner: 1 });
  withFloats(device, rows * chunks, "a loss's partial sums", (parts) => {
    device.dispatch(
      { shader: lossesSum, exprs: { f: expression }, overrides: { WEIGHTED: weight ? 1 : 0 } },
      { a, b, w: weight?.binding ?? a, parts },
      { rows, length, chunks, span: weight?.span ?? 1, p0, p1 },
      linearGrid(rows * chunks),
    );
    reduceAxis(device, "sum", { x: parts, y: loss }, { outer: rows, length: chunks, inner: 1, scale });
  });
}

/** What a range of a large tensor needs of the weights: those of its entries, or all of them and where it begins. */
const inRange = (weight: LossTerms["weight"], start: number, length: number) =>
  weight?.span === 1
    ? { w: part(weight.binding, start, length), wFirst: 0, span: 1 }
    : { w: weight?.binding, wFirst: start, span: weight?.span ?? 1 };

/** y [n] = the weighted terms; walked in ranges of one binding. */
export function lossTerms(
  device: Device,
  { expression, constants: [p0, p1], a, b, weight }: LossTerms,
  y: Binding,
  n: number,
): void {
  for (const { start, length } of ranges(device, n)) {
    const [from, to] = [part(a, start, length), part(b, start, length)];
    const { w = from, ...places } = inRange(weight, start, length);
    device.dispatch(
      { shader: lossesTerms, exprs: { f: expression }, overrides: { WEIGHTED: weight ? 1 : 0 } },
      { a: from, b: to, w, y: part(y, start, length) },
      { n: length, ...places, p0, p1 },
      linearGrid(length, 4),
    );
  }
}

/** y [n] = slopes * weights * g * scale; g holds one number for each run of `length` entries. Walked in ranges of one binding. */
export function lossGrad(
  device: Device,
  { expression, constants: [p0, p1], a, b, weight }: LossTerms,
  { g, y }: { g: Binding; y: Binding },
  { n, length: run, scale }: { n: number; length: number; scale: number },
): void {
  const PER = run === n ? 0 : run === 1 ? 2 : 1;
  for (const { start, length } of ranges(device, n)) {
    const [from, to] = [part(a, start, length), part(b, start, length)];
    const { w = from, ...places } = inRange(weight, start, length);
    device.dispatch(
      { shader: lossesInputGrad, exprs: { f: expression }, overrides: { WEIGHTED: weight ? 1 : 0, PER } },
      { a: from, b: to, w, g: PER === 2 ? part(g, start, length) : g, y: part(y, start, length) },
      { n: length, gFirst: start, length: run, ...places, p0, p1, scale },
      linearGrid(length, 4),
    );
  }
}
