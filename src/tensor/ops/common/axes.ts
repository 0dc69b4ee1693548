import { ConfigError } from "../../../errors.ts";

/** Sizes, steps and sides along the axes behind N and C: of a line, an image [h, w] or a volume [d, h, w]. */

/** A number for both directions, or [h, w]. */
export type Pair = number | readonly [h: number, w: number];
/** A number for all sides, [h, w], or [top, bottom, left, right]. */
export type Sides = Pair | readonly [top: number, bottom: number, left: number, right: number];
/** A number for all three directions, or [d, h, w]. */
export type Triple = number | readonly [d: number, h: number, w: number];
/** A number for all sides, [d, h, w], or [front, back, top, bottom, left, right]. */
export type Sides3 =
  | Triple
  | readonly [front: number, back: number, top: number, bottom: number, left: number, right: number];

const axisNames = ["d", "h", "w"];
const sideNames = ["front", "back", "top", "bottom", "left", "right"];

/** One number for every axis, or one for each. Throws ConfigError. @internal */
export function eachAxis(
  op: string,
  name: string,
  v: number | readonly number[],
  axes: number,
  least: number,
): readonly number[] {
  const out = typeof v === "number" ? new Array<number>(axes).fill(v) : v;
  if (!Array.isArray(out) || out.length !== axes || !out.every((n) => Number.isInteger(n) && n >= least))
    throw new ConfigError(
      name,
      `${op}: ${name} is ${JSON.stringify(v)}; give an integer of at least ${least}${axes > 1 ? `, or ${axes} as [${axisNames.slice(-axes).join(", ")}]` : ""}`,
    );
  return out;
}

/** One number for every side, one for each axis, or [before, after] of each axis. Throws ConfigError. @internal */
export function eachSide(op: string, v: number | readonly number[], axes: number): readonly number[] {
  const sides: readonly number[] =
    typeof v === "number"
      ? new Array<number>(2 * axes).fill(v)
      : axes > 1 && Array.isArray(v) && v.length === axes
        ? v.flatMap((n) => [n, n])
        : v;
  if (typeof v === "string")
    throw new ConfigError(
      "padding",
      `${op}: padding is ${JSON.stringify(v)}; give numbers: 0 for "valid", and for "same" at stride 1 dilation * (kernel - 1) / 2`,
    );
  if (!Array.isArray(sides) || sides.length !== 2 * axes || !sides.every((n) => Number.isInteger(n) && n >= 0))
    throw new ConfigError(
      "padding",
      `${op}: padding is ${JSON.stringify(v)}; give a non-negative integer${axes > 1 ? `, [${axisNames.slice(-axes).join(", ")}]` : ""}, or [${sideNames.slice(-2 * axes).join(", ")}]`,
    );
  return sides;
}

/** @internal */
export const pair = (op: string, name: string, v: Pair, least: number) =>
  eachAxis(op, name, v, 2, least) as readonly [h: number, w: number];
/** @internal */
export const triple = (op: string, name: string, v: Triple, least: number) =>
  eachAxis(op, name, v, 3, least) as readonly [d: number, h: number, w: number];
/** @internal */
export const sides = (op: string, v: Sides) =>
  eachSide(op, v, 2) as readonly [top: number, bottom: number, left: number, right: number];
/** @internal */
export const sides3 = (op: string, v: Sides3) =>
  eachSide(op, v, 3) as readonly [number, number, number, number, number, number];

/** Output size of a sliding window along one dimension (dilated window, padding on both sides). @internal */
export const windowsAlong = (
  length: number,
  kernel: number,
  stride: number,
  before: number,
  after: number,
  dilation: number,
): number => Math.floor((length + before + after - dilation * (kernel - 1) - 1) / stride) + 1;
