/** Samples of pooling with ceil mode and divisors, and of pooling of volumes. */
import { ConfigError } from "../../../../src/errors.ts";
import { type Draws, type ErrorRow, type Row, refused, row, show } from "../sample.ts";

export type Pool = readonly [
  x: readonly number[],
  kernel: readonly number[],
  stride: readonly number[],
  padding: readonly number[],
  dilation?: readonly number[],
];

/** In each of these ceil mode gives a window more than floor along some axis, or must not although the division leaves a rest. */
export const ceil2d: readonly Pool[] = [
  [
    [1, 1, 5, 6],
    [2, 2],
    [2, 2],
    [0, 0, 0, 0],
  ],
  [
    [2, 3, 8, 7],
    [3, 3],
    [2, 2],
    [0, 0, 0, 0],
  ],
  [
    [2, 3, 8, 7],
    [3, 3],
    [2, 2],
    [1, 1, 1, 1],
  ],
  [
    [1, 2, 4, 11],
    [2, 3],
    [3, 4],
    [1, 1, 1, 1],
  ], // the last window would start in the padding: none
  [
    [1, 2, 9, 10],
    [3, 2],
    [4, 3],
    [1, 1, 0, 1],
  ],
  [
    [3, 1, 11, 13],
    [4, 5],
    [3, 4],
    [2, 1, 0, 2],
  ],
  [
    [1, 2, 1, 17],
    [1, 4],
    [1, 3],
    [0, 0, 1, 2],
  ],
  [
    [1, 5, 47, 53],
    [2, 2],
    [2, 2],
    [0, 0, 0, 0],
  ],
];

export const volumes: readonly Pool[] = [
  [
    [1, 1, 1, 1, 1],
    [1, 1, 1],
    [1, 1, 1],
    [0, 0, 0, 0, 0, 0],
  ],
  [
    [1, 1, 4, 6, 8],
    [2, 2, 2],
    [2, 2, 2],
    [0, 0, 0, 0, 0, 0],
  ],
  [
    [2, 3, 5, 7, 6],
    [2, 2, 2],
    [2, 2, 2],
    [0, 0, 0, 0, 0, 0],
  ],
  [
    [2, 1, 7, 5, 3],
    [3, 3, 3],
    [2, 2, 2],
    [1, 1, 1, 1, 1, 1],
  ],
  [
    [1, 2, 5, 6, 7],
    [3, 2, 1],
    [1, 2, 3],
    [1, 0, 0, 1, 0, 0],
  ],
  [
    [1, 2, 5, 4, 11],
    [1, 2, 3],
    [3, 1, 2],
    [0, 0, 1, 1, 2, 0],
  ],
  [
    [3, 2, 6, 5, 4],
    [2, 3, 2],
    [1, 1, 1],
    [1, 1, 2, 0, 0, 1],
  ],
  [
    [1, 1, 3, 13, 2],
    [3, 3, 2],
    [3, 3, 3],
    [0, 0, 0, 0, 0, 0],
  ],
  [
    [1, 3, 11, 2, 5],
    [4, 1, 3],
    [2, 2, 2],
    [2, 1, 0, 0, 1, 2],
  ],
  [
    [1, 2, 2, 3, 4],
    [2, 3, 4],
    [1, 1, 1],
    [0, 0, 0, 0, 0, 0],
  ],
  [
    [2, 2, 9, 8, 7],
    [3, 3, 3],
    [3, 3, 3],
    [0, 0, 0, 0, 0, 0],
  ],
  [
    [1, 1, 5, 5, 67],
    [2, 2, 5],
    [2, 1, 3],
    [0, 1, 1, 0, 2, 2],
  ],
  [
    [1, 4, 13, 17, 19],
    [3, 3, 3],
    [2, 2, 2],
    [1, 1, 1, 1, 1, 1],
  ],
  [
    [2, 2, 12, 16, 24],
    [2, 2, 2],
    [2, 2, 2],
    [0, 0, 0, 0, 0, 0],
  ],
  [
    [0, 2, 4, 4, 4],
    [2, 2, 2],
    [2, 2, 2],
    [0, 0, 0, 0, 0, 0],
  ],
];

export const ceil3d: readonly Pool[] = [
  [
    [1, 2, 5, 4, 7],
    [2, 2, 2],
    [2, 2, 2],
    [0, 0, 0, 0, 0, 0],
  ],
  [
    [2, 1, 4, 6, 5],
    [2, 3, 2],
    [3, 2, 3],
    [1, 1, 1, 1, 1, 1],
  ],
  [
    [1, 3, 7, 8, 6],
    [3, 2, 4],
    [2, 3, 3],
    [1, 0, 0, 1, 2, 1],
  ],
  [
    [1, 1, 9, 3, 10],
    [4, 2, 3],
    [3, 4, 2],
    [2, 2, 1, 1, 0, 0],
  ],
  [
    [1, 2, 6, 7, 11],
    [3, 3, 3],
    [4, 3, 2],
    [0, 1, 2, 0, 1, 1],
  ],
];

const attrsOf = ([, kernel, stride, padding, dilation]: Pool, max: boolean, rest: object) => ({
  kernel,
  stride,
  padding,
  ...(max ? { dilation: dilation ?? kernel.map(() => 1) } : {}),
  ...rest,
});

const values = (d: Draws, x: readonly number[], max: boolean) => (max ? d.distinct(x) : d.uniform(x));

export const poolRow = (op: string, pool: Pool, rest: object): Row => {
  const max = op.startsWith("max");
  const attrs = attrsOf(pool, max, rest);
  return row(op, `${show(pool[0])} ${JSON.stringify(attrs)}`, (d) => ({ inputs: [values(d, pool[0], max)], attrs }));
};

/** A known mistake of others: windows of negative values only, where a start from 0 or from the padding would win. */
export const negative = (op: string, [x, kernel, stride, padding, dilation]: Pool, ceil_mode: boolean): Row => {
  const attrs = attrsOf([x, kernel, stride, padding, dilation], true, { ceil_mode });
  return row(op, `all negative ${show(x)} ${JSON.stringify(attrs)}`, (d) => ({
    inputs: [d.fill(x, (r) => -1000 - r.uniform(0, 500))],
    attrs,
  }));
};

export const tied = (op: string, [x, ...rest]: Pool, ceil_mode: boolean): Row => {
  const attrs = attrsOf([x, ...rest], true, { ceil_mode });
  return row(op, `ties ${JSON.stringify(attrs)}`, (d) => ({ inputs: [d.ties(x)], attrs }), true);
};

const divisors = [null, 3, 0.5, -2];

export const averages = (op: string, pools: readonly Pool[], ceil_mode: boolean): Row[] =>
  pools.flatMap((p, i) => [
    ...[true, false].map((count_include_pad) =>
      poolRow(op, p, { ceil_mode, count_include_pad, divisor_override: null }),
    ),
    poolRow(op, p, { ceil_mode, count_include_pad: i % 2 === 0, divisor_override: divisors[1 + (i % 3)] }),
  ]);

export const sound = { kernel: [2, 2, 2], stride: [2, 2, 2], padding: [0, 0, 0, 0, 0, 0] };

export const wrongVolumes = (op: string, rest: object): ErrorRow[] => [
  refused(
    "a window deeper than the volume",
    [[1, 1, 3, 4, 4]],
    { ...sound, ...rest, kernel: [5, 2, 2] },
    op,
    "D=3",
    "5",
  ),
  refused("no batch axis", [[1, 4, 4, 4]], { ...sound, ...rest }, op, "[N, C, D, H, W]"),
  refused(
    "padding as wide as a window",
    [[1, 1, 4, 4, 4]],
    { ...sound, ...rest, padding: [0, 0, 2, 0, 0, 0] },
    op,
    "H",
  ),
  {
    ...refused(
      "a stride of 0",
      [[1, 1, 4, 4, 4]],
      { ...sound, ...rest, stride: [1, 0, 1] },
      op,
      "stride",
      "at least 1",
    ),
    errorClass: ConfigError,
  },
];
