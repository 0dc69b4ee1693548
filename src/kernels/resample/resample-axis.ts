import type { Binding, Device } from "../../device/index.ts";
import { rowGrid } from "../common/rows.ts";
import { withFloats } from "../common/scratch.ts";
import { resampleAxis } from "../wgsl/resample-axis.ts";
import { resampleAxisInputGrad } from "../wgsl/resample-axis-input-grad.ts";

/** `planes` = N * C grids resampled from `size` to `out`, an entry for each axis. */
export interface SeparableDims {
  readonly planes: number;
  readonly size: readonly number[];
  readonly out: readonly number[];
  readonly cubic: boolean;
  /** The entries at the ends keep their places; else the edges of the whole do. */
  readonly alignCorners: boolean;
}

/** One axis's turn: [outer, size, inner] to [outer, out, inner]. */
interface Turn {
  readonly outer: number;
  readonly size: number;
  readonly out: number;
  readonly inner: number;
}

const product = (list: readonly number[]): number => list.reduce((a, b) => a * b, 1);

/**
 * The axes one after the other, those that shrink most first, so that the grids in between stay small: a target then takes
 * the sum of the axes' taps, not their product. An axis that keeps its size keeps its entries.
 */
function turnsOf({ planes, size, out }: SeparableDims): Turn[] {
  const now = [...size];
  const order = size.map((_, i) => i).filter((i) => size[i] !== out[i]);
  order.sort((a, b) => out[a] / size[a] - out[b] / size[b] || a - b);
  return order.map((i) => {
    const turn = {
      outer: planes * product(now.slice(0, i)),
      size: size[i],
      out: out[i],
      inner: product(now.slice(i + 1)),
    };
    now[i] = out[i];
    return turn;
  });
}

/** The source of target t is (t * mul + add) / den. */
const fraction = ({ size, out }: Turn, alignCorners: boolean) =>
  alignCorners
    ? { mul: out > 1 ? size - 1 : 0, add: 0, den: Math.max(1, out - 1) }
    : { mul: 2 * size, add: size - out, den: 2 * out };

function run(device: Device, from: Binding, to: Binding, turn: Turn, d: SeparableDims, backward: boolean): void {
  const { outer, size, out, inner } = turn;
  const made = backward ? size : out;
  const across = inner === 1;
  const columns = across ? made : inner;
  const rows = across ? outer : outer * made;
  const { overrides, each, groups } = rowGrid(columns, rows);
  const params = { rows, columns, each, size, out, ...fraction(turn, d.alignCorners) };
  const flags = { ...overrides, CUBIC: d.cubic ? 1 : 0, COLUMNS: across ? 1 : 0 };
  if (backward)
    device.dispatch({ shader: resampleAxisInputGrad, overrides: flags }, { g: from, inputGrad: to }, params, groups);
  else device.dispatch({ shader: resampleAxis, overrides: flags }, { x: from, y: to }, params, groups);
}

/** Takes the turns one by one; what lies between them is scratch memory. */
function chain(
  device: Device,
  from: Binding,
  to: Binding,
  turns: readonly Turn[],
  d: SeparableDims,
  backward: boolean,
): void {
  const [turn, ...rest] = turns;
  if (rest.length === 0) run(device, from, to, turn, d, backward);
  else
    withFloats(
      device,
      turn.outer * (backward ? turn.size : turn.out) * turn.inner,
      "a half-resampled grid",
      (between) => {
        run(device, from, between, turn, d, backward);
        chain(device, between, to, rest, d, backward);
      },
    );
}

/** y [planes, ...out] from x [planes, ...size]; false, with nothing done, where no axis changes its size. */
export function resampleForward(device: Device, { x, y }: { x: Binding; y: Binding }, d: SeparableDims): boolean {
  const turns = turnsOf(d);
  if (turns.length > 0) chain(device, x, y, turns, d, false);
  return turns.length > 0;
}

/** inputGrad [planes, ...size] from g [planes, ...out]: the turns backwards; false, with nothing done, where no axis changes its size. */
export function resampleInputGrad(
  device: Device,
  { g, inputGrad }: { g: Binding; inputGrad: Binding },
  d: SeparableDims,
): boolean {
  const turns = turnsOf(d).reverse();
  if (turns.length > 0) chain(device, g, inputGrad, turns, d, true);
  return turns.length > 0;
}
