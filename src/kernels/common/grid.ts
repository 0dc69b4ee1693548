import type { Device } from "../../device/index.ts";

const workgroup = 64;

/** Workgroups that every adapter allows along a side of a grid. */
export const most = 65535;

/** At least `count` workgroups as two sides of a grid; a kernel numbers them along the first, and leaves out what is beyond. */
const sides = (count: number): [number, number] => {
  const second = Math.ceil(count / most);
  return [Math.ceil(count / Math.max(1, second)), second];
};

/** A grid of `count` workgroups along x, then y, and `deep` along z. */
export const grid = (count: number, deep = 1): [number, number, number] => [...sides(count), deep];

/** A grid of `across` workgroups along x and `count` along y, then z. */
export const gridDown = (across: number, count: number): [number, number, number] => [across, ...sides(count)];

/** The grid for `n` elements of a kernel with workgroups of 64; `each` elements an invocation. */
export const linearGrid = (n: number, each = 1): [number, number, number] => grid(Math.ceil(n / (workgroup * each)));

/** Eight numbers for a `array<vec4u, 2>` param, padded with `fill`. */
export const eight = (values: readonly number[], fill = 0): number[] => [
  ...values,
  ...new Array<number>(8 - values.length).fill(fill),
];

/** Lanes of a subgroup that load one number each, and broadcast it to each other. */
export const lanesThatShare = (device: Device): 4 | 8 => (device.facts.subgroupMin >= 8 ? 8 : 4);

/** How a kernel with wgsl/lib/walk.wgsl goes over `n` elements: as GPUs want it, or as software adapters do. */
export function walk(device: Device, n: number, each = 4) {
  const [LANES, EACH] = device.facts.software ? [8, 64] : [workgroup, each];
  return { overrides: { LANES, EACH }, groups: grid(Math.ceil(n / (LANES * EACH))) };
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
