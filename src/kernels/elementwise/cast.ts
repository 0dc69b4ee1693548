import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { cast } from "../wgsl/cast.ts";
import { part, ranges } from "./map.ts";

const expressions = {
  "f32 i32": "toI32(v)",
  "f32 u32": "toU32(v)",
  "i32 f32": "fromI32(v)",
  "u32 f32": "fromU32(v)",
  "i32 u32": "v",
  "u32 i32": "v",
} as const;

type Kind = "f32" | "f16" | "i32" | "u32";

/** What a kernel sees of a dtype: a half's bits come and go as those of a float32. */
const seen = (dtype: Kind): "f32" | "i32" | "u32" => (dtype === "f16" ? "f32" : dtype);

/** y = the `n` numbers of x in another dtype. */
export function castKernel(
  device: Device,
  { from, to }: { from: Kind; to: Kind },
  { x, y }: { x: Binding; y: Binding },
  n: number,
): void {
  const [a, b] = [seen(from), seen(to)];
  const value = a === b ? "v" : expressions[`${a} ${b}` as keyof typeof expressions];
  const f = to === "f16" ? `toF16(${value})` : value;
  for (const { start, length } of ranges(device, n))
    device.dispatch(
      { shader: cast, exprs: { f } },
      { x: part(x, start, length), y: part(y, start, length) },
      { n: length },
      linearGrid(length, 4),
    );
}
