import type { Device } from "../../device/index.ts";

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

/** Workgroups for `count` workgroups in all, as a grid no side of which passes 65535. */
export function grid(count: number): [number, number, number] {
  const y = Math.ceil(count / 65535);
  return [Math.ceil(count / Math.max(1, y)), y, 1];
}

/** Eight numbers for a `array<vec4u, 2>` param, padded with `fill`. */
export const eight = (values: readonly number[], fill = 0): number[] => [
  ...values,
  ...new Array<number>(8 - values.length).fill(fill),
];

/** Lanes of a subgroup that load one number each, and broadcast it to each other. */
export const lanesThatShare = (device: Device): 4 | 8 => (device.subgroupMin >= 8 ? 8 : 4);

/** How a kernel with wgsl/lib/walk.wgsl goes over `n` elements: as GPUs want it, or as software adapters do. */
export function walk(device: Device, n: number, each = 4) {
  const [LANES, EACH] = device.software ? [8, 64] : [workgroup, each];
  const count = Math.ceil(n / (LANES * EACH));
  const x = Math.min(count, 32768);
  const groups: [number, number, number] = [x, x === 0 ? 0 : Math.ceil(count / x), 1];
  return { overrides: { LANES, EACH }, groups };
}

/**
 * The same for a kernel whose `number` may be four of them, which loads and stores half as dear or less (measured on lavapipe and
 * SwiftShader): so where `n` divides by four, unless `single`.
 */
export function walkFours(device: Device, n: number, single = false) {
  const fours = n % 4 === 0 && !single;
  const dtype: "vec4f" | "f32" = fours ? "vec4f" : "f32";
  const count = fours ? n / 4 : n;
  return { dtype, n: count, ...walk(device, count, fours ? 1 : 4) };
}

/** The text of four calls of `f` with arguments that are fours, or one number for all. */
export const eachOfFour = (fours: readonly string[], singles: readonly string[] = []): string =>
  `vec4f(${[..."xyzw"].map((c) => `f(${[...fours.map((a) => `${a}.${c}`), ...singles].join(", ")})`).join(", ")})`;
