import type { Device } from "../device/index.ts";

const workgroup = 64;

/**
 * Workgroup counts for `n` elements of a kernel with workgroups of 64 that numbers them along x, then y; `each` elements an
 * invocation.
 */
export const linearGrid = (n: number, each = 1): [number, number, number] => {
  const groups = Math.ceil(n / (workgroup * each));
  if (groups <= 32768) return [groups, groups === 0 ? 0 : 1, 1];
  return [32768, Math.ceil(groups / 32768), 1];
};

/** Eight numbers for a `array<vec4u, 2>` param, padded with `fill`. */
export const eight = (values: readonly number[], fill = 0): number[] => [
  ...values,
  ...new Array<number>(8 - values.length).fill(fill),
];

/** Lanes of a subgroup that load one number each, and broadcast it to each other. */
export const lanesThatShare = (device: Device): 4 | 8 => (device.subgroupMin >= 8 ? 8 : 4);

/** How a kernel with wgsl/lib/walk.wgsl goes over `n` elements: as GPUs want it, or as software adapters do. */
export function walk(device: Device, n: number) {
  const [LANES, EACH] = device.software ? [8, 64] : [workgroup, 4];
  const count = Math.ceil(n / (LANES * EACH));
  const x = Math.min(count, 32768);
  const groups: [number, number, number] = [x, x === 0 ? 0 : Math.ceil(count / x), 1];
  return { overrides: { LANES, EACH }, groups };
}
