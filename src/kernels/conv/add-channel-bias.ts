import type { Binding, Device } from "../../device/index.ts";
import { rowGrid } from "../common/rows.ts";
import { addChannelBias as shader } from "../wgsl/add-channel-bias.ts";

/** y [n, channels, inner] += bias [channels], in place. */
export function addChannelBias(
  device: Device,
  { y, bias }: { y: Binding; bias: Binding },
  n: number,
  channels: number,
  inner: number,
): void {
  const rows = n * channels;
  const { overrides, each, groups } = rowGrid(inner, rows);
  device.dispatch({ shader, overrides }, { bias, y }, { rows, each, channels, inner }, groups);
}
