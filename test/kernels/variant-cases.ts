/** Sizes and devices over which the choice of variants is written down (variant-choices.json). */
import type { Facts, Limits } from "../../src/device/index.ts";
import type { Conv3dDims } from "../../src/kernels/conv/conv3d.ts";
import type { MatmulDims } from "../../src/kernels/matmul/matmul.ts";
import { type Case, dimsOf } from "./conv2d-cases.ts";

const factsOf = (subgroup: number, kind: { software: boolean; smallKernels?: boolean }): Facts => ({
  limits: { maxStorageBufferBindingSize: 128 * 2 ** 20 } as Limits,
  features: new Set(subgroup > 0 ? ["subgroups"] : []),
  subgroupMin: subgroup,
  subgroupMax: subgroup,
  smallKernels: false,
  subgroupMatrices: false,
  ...kind,
});

export const devices = {
  lavapipe: factsOf(8, { software: true }),
  swiftShader: factsOf(4, { software: true, smallKernels: true }),
  gpu: factsOf(32, { software: false }),
  gpuWithoutSubgroups: factsOf(0, { software: false }),
  softwareWithoutSubgroups: factsOf(0, { software: true }),
};

const channels: [c: number, o: number, groups: number][] = [
  [1, 1, 1],
  [1, 8, 1],
  [3, 64, 1],
  [16, 1, 1],
  [16, 2, 1],
  [16, 16, 1],
  [64, 64, 1],
  [512, 128, 1],
  [24, 24, 24],
  [24, 48, 24],
  [24, 96, 24],
  [64, 64, 4],
];
const kernels: Record<string, Omit<Case, "x" | "o">> = {
  "1x1": { k: [1, 1] },
  "1x1 s2": { k: [1, 1], stride: [2, 2] },
  "2x2 s2": { k: [2, 2], stride: [2, 2] },
  "3x3": { k: [3, 3], pad: [1, 1, 1, 1] },
  "3x3 s2": { k: [3, 3], pad: [1, 1, 1, 1], stride: [2, 2] },
  "3x3 d2": { k: [3, 3], pad: [2, 2, 2, 2], dilation: [2, 2] },
  "5x5": { k: [5, 5], pad: [2, 2, 2, 2] },
  "7x7 s2": { k: [7, 7], pad: [3, 3, 3, 3], stride: [2, 2] },
  "9x9 s9": { k: [9, 9], stride: [9, 9] },
};

export const conv2dCases = Object.fromEntries(
  channels.flatMap(([c, o, groups]) =>
    Object.entries(kernels).flatMap(([kernel, rest]) =>
      [
        [1, 16],
        [4, 64],
        [1, 512],
      ].map(([n, side]) => [
        `${c}>${o} g${groups} ${kernel} ${n}x${side}`,
        dimsOf({ ...rest, x: [n, c, side, side], o, groups }),
      ]),
    ),
  ),
);

const matrix = (m: number, k: number, n: number, tx: boolean, tw: boolean, batch: number[]): MatmulDims => ({
  ...{ m, n, k, batch },
  x: { ...(tx ? { m: 1, k: m } : { m: k, k: 1 }), batch: batch.map(() => m * k) },
  w: { ...(tw ? { k: 1, n: k } : { k: n, n: 1 }), batch: batch.map(() => k * n) },
});

export const matmulCases = Object.fromEntries(
  [
    [1, 1, 1],
    [1, 4096, 10],
    [4, 4096, 32],
    [5, 6, 7],
    [8, 91_264, 1000],
    [8, 91_264, 1001],
    [8, 1001, 91_264],
    [64, 64, 64],
    [64, 2048, 64],
    [197, 64, 197],
    [512, 512, 512],
    [16_384, 256, 4],
    [16_384, 256, 32],
  ].flatMap(([m, k, n]) =>
    [false, true].flatMap((tx) =>
      [false, true].flatMap((tw) =>
        [[], [12]].map((batch) => [
          `${m}x${k}x${n} ${tx ? "t" : ""}x.${tw ? "t" : ""}w batch ${batch}`,
          matrix(m, k, n, tx, tw, batch),
        ]),
      ),
    ),
  ),
);

export const conv3dCases: Record<string, Conv3dDims> = Object.fromEntries(
  [
    [1, 8, 16, 3],
    [32, 32, 32, 3],
    [32, 32, 64, 5],
    [64, 64, 128, 3],
    [64, 256, 64, 1],
  ].map(([c, o, side, k]) => {
    const out = { outD: side, outH: side, outW: side };
    const pad = (k - 1) / 2;
    const kernel = {
      kd: k,
      kh: k,
      kw: k,
      strideD: 1,
      strideH: 1,
      strideW: 1,
      dilationD: 1,
      dilationH: 1,
      dilationW: 1,
    };
    const padding = { padFront: pad, padTop: pad, padLeft: pad };
    return [
      `${c}>${o} ${k} ${side}`,
      { n: 1, c, d: side, h: side, w: side, o, groups: 1, ...kernel, ...padding, ...out },
    ];
  }),
);
