import type { Device } from "../../../device/index.ts";
import { ConfigError, ShapeError } from "../../../errors.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import type { DType } from "../../storage.ts";
import { type Tensor, tensor, zeros } from "../../tensor.ts";

const arrayFor = (dtype: DType, count: number): Float32Array | Int32Array | Uint32Array =>
  new (dtype === "i32" ? Int32Array : dtype === "u32" ? Uint32Array : Float32Array)(count);

/** Numbers worked out in float64 on the host become a line of `dtype`. */
const line = (device: Device, count: number, at: (i: number) => number, dtype: DType): Tensor => {
  const data = arrayFor(dtype, count);
  for (let i = 0; i < count; i++) data[i] = at(i);
  return tensor(device, data, [count], dtype === "f16" ? "f16" : undefined);
};

export interface ArangeOptions {
  /** The first number. Default 0. */
  readonly start?: number | undefined;
  /** From each number to the next; negative ones count down. Default 1. */
  readonly step?: number | undefined;
  /** Default "f32". */
  readonly dtype?: DType | undefined;
}
const arangeKeys: KeysOf<ArangeOptions> = { start: 1, step: 1, dtype: 1 };

/**
 * start, start + step, ... as far as `end`, which is left out: one dimension. Number i is start + i * step in float64, rounded
 * once (integers: towards zero). Throws ConfigError for a step of 0, one that leads away from `end`, or what is no number.
 */
export function arange(device: Device, end: number, options: ArangeOptions = {}): Tensor {
  const { start = 0, step = 1, dtype = "f32" } = checkOptions("arange", options, arangeKeys);
  const count = Math.ceil((end - start) / step);
  if (!Number.isFinite(count) || ![start, end].every(Number.isFinite))
    throw new ConfigError(
      "step",
      `arange: start ${start}, end ${end}, step ${step} give no list; use finite numbers and a step other than 0`,
    );
  if (count < 0)
    throw new ConfigError(
      "step",
      `arange: a step of ${step} leads from ${start} away from ${end}; turn its sign, or exchange start and end`,
    );
  return line(device, count, (i) => start + i * step, dtype);
}

/**
 * `steps` numbers with equal distances from `start` to `end`, both included (torch.linspace): one dimension; a single one is
 * `start`. Throws ConfigError for steps that are not a whole number, or ends that are not finite.
 */
export function linspace(device: Device, start: number, end: number, steps: number, dtype: DType = "f32"): Tensor {
  if (!Number.isSafeInteger(steps) || steps < 0)
    throw new ConfigError("steps", `linspace: steps is ${steps}; give a whole number of 0 or more`);
  if (![start, end].every(Number.isFinite))
    throw new ConfigError("end", `linspace: start ${start} and end ${end} must be finite`);
  const last = steps - 1;
  // As two shares of the ends: `end` itself comes out, and no difference of large ends overflows.
  const at = (i: number): number => (last === 0 ? start : start * ((last - i) / last) + end * (i / last));
  return line(device, steps, at, dtype);
}

/** [rows, columns] with ones where both are equal, else zeros; square where `columns` is left out. */
export function eye(device: Device, rows: number, columns: number = rows, dtype: DType = "f32"): Tensor {
  if (![rows, columns].every((n) => Number.isSafeInteger(n) && n >= 0))
    throw new ShapeError(`eye: rows ${rows} and columns ${columns} must be whole numbers of 0 or more`);
  const one = Math.min(rows, columns);
  if (one === 0) return zeros(device, [rows, columns], dtype);
  const data = arrayFor(dtype, rows * columns);
  for (let i = 0; i < one; i++) data[i * columns + i] = 1;
  return tensor(device, data, [rows, columns], dtype === "f16" ? "f16" : undefined);
}
