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
