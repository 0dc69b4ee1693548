import type { Binding, Device } from "../device/index.ts";
import { linearGrid } from "./grid.ts";
import { part, ranges } from "./map.ts";
import { cast } from "./wgsl/cast.ts";

const expressions = {
  "f32 i32": "to_i32(v)",
  "f32 u32": "to_u32(v)",
  "i32 f32": "from_i32(v)",
  "u32 f32": "from_u32(v)",
  "i32 u32": "v",
  "u32 i32": "v",
} as const;

export type Cast = keyof typeof expressions;

/** y = the `n` numbers of x in another dtype. */
export function castKernel(device: Device, which: Cast, { x, y }: { x: Binding; y: Binding }, n: number): void {
  for (const { start, length } of ranges(device, n))
    device.dispatch(
      { shader: cast, exprs: { f: expressions[which] } },
      { x: part(x, start, length), y: part(y, start, length) },
      { n: length },
      linearGrid(length, 4),
    );
}
