import type { Binding, Device } from "../../device/index.ts";
import { eachOfFour, walkFours } from "../common/grid.ts";
import { mapChain } from "../wgsl/map-chain.ts";
import { part, ranges } from "./map.ts";

/** What one kernel takes. */
export const mostInputs = 4;
export const mostNumbers = 16;

/** An input of a chain: as large as the result, or one number for all of it. */
export interface ChainInput {
  readonly binding: Binding;
  readonly single: boolean;
}

/** What of the chain's text is number k of `numbers`. */
export const numberName = (k: number): string => `params.numbers[${k >> 2}u].${"xyzw"[k & 3]}`;

/** Ops of a chain that is still taken by fours. */
const longestByFours = 8;

const fourOfChain = eachOfFour(["x0", "x1", "x2", "x3"]);

/**
 * y = a chain of expressions over `n` elements, of any size: `body` is WGSL that returns the result from the inputs x0 to x3
 * and the numbers.
 */
export function mapChainOf(
  device: Device,
  body: string,
  inputs: readonly ChainInput[],
  numbers: readonly number[],
  y: Binding,
  n: number,
): void {
  const of = (k: number): ChainInput => inputs[Math.min(k, inputs.length - 1)];
  const step = [0, 1, 2, 3].map((k) => (of(k).single ? 0 : 1));
  const padded = [...numbers, ...new Array<number>(mostNumbers - numbers.length).fill(0)];
  // Every op of a chain by fours stands four times in what a driver compiles: long ones would take it a second.
  const alone = step.includes(0) || body.split(";").length > longestByFours;
  for (const { start, length } of ranges(device, n)) {
    const at = (k: number): Binding => (of(k).single ? of(k).binding : part(of(k).binding, start, length));
    const { overrides, groups, dtype, n } = walkFours(device, length, alone);
    const exprs = { f: body, ...(dtype === "vec4f" ? { each: fourOfChain } : {}) };
    device.dispatch(
      { shader: mapChain, overrides, exprs, dtype },
      { a: at(0), b: at(1), c: at(2), d: at(3), y: part(y, start, length) },
      { n, step, numbers: padded },
      groups,
    );
  }
}
