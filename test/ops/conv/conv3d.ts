/**
 * x [N, C, D, H, W], w [O, C/groups, kD, kH, kW], optional bias [O]; attrs { stride, dilation: one entry an axis, padding:
 * [before, after] of each axis, one after the other, groups }.
 */
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { convolution } from "../common/reference/conv-nd.ts";
import { type Case, conv, mistakes } from "../common/samples/conv-nd.ts";
import { convRule } from "../common/tolerance/conv.ts";

const volumes: readonly Case[] = [
  { x: [1, 1, 1, 1, 1], o: 1, k: [1, 1, 1] },
  { x: [1, 1, 3, 5, 7], o: 1, k: [3, 3, 3], bias: false },
  { x: [2, 3, 4, 7, 5], o: 4, k: [1, 1, 1] },
  { x: [2, 3, 5, 4, 11], o: 4, k: [3, 3, 3], padding: [1, 1, 1, 1, 1, 1] },
  { x: [3, 2, 6, 5, 9], o: 5, k: [3, 3, 3], stride: [2, 2, 2], padding: [1, 1, 1, 1, 1, 1], bias: false },
  { x: [1, 2, 7, 8, 9], o: 3, k: [3, 3, 3], padding: [2, 2, 2, 2, 2, 2], dilation: [2, 2, 2] },
  { x: [1, 2, 5, 9, 11], o: 3, k: [2, 3, 3], stride: [1, 2, 3], padding: [1, 0, 3, 2, 0, 4], dilation: [1, 2, 3] },
  { x: [2, 2, 9, 4, 6], o: 3, k: [3, 1, 2], stride: [3, 1, 2], padding: [0, 2, 0, 0, 1, 0], dilation: [2, 1, 3] },
  { x: [1, 3, 4, 5, 6], o: 2, k: [3, 3, 3], padding: [2, 0, 0, 1, 1, 3] },
  { x: [1, 3, 2, 3, 10], o: 2, k: [1, 2, 5], stride: [1, 1, 2] },
  { x: [1, 1, 11, 3, 2], o: 2, k: [5, 1, 1], stride: [2, 1, 1], padding: [2, 2, 0, 0, 0, 0], bias: false },
  { x: [2, 4, 3, 5, 6], o: 6, k: [3, 3, 3], padding: [1, 1, 1, 1, 1, 1], groups: 2 },
  { x: [1, 5, 4, 3, 7], o: 5, k: [3, 3, 3], padding: [1, 1, 1, 1, 1, 1], groups: 5 },
  { x: [1, 3, 5, 6, 4], o: 9, k: [3, 2, 3], stride: [2, 2, 2], padding: [0, 1, 0, 1, 1, 0], groups: 3, bias: false },
  { x: [1, 1, 2, 1, 3], o: 2, k: [3, 3, 3], padding: [4, 3, 2, 4, 5, 5] },
  { x: [1, 9, 3, 4, 5], o: 11, k: [3, 3, 3], padding: [1, 1, 1, 1, 1, 1] },
  { x: [1, 10, 2, 3, 5], o: 6, k: [2, 2, 2], stride: [2, 1, 2], padding: [1, 0, 1, 1, 0, 1], groups: 2 },
  { x: [1, 3, 5, 13, 37], o: 8, k: [3, 3, 3], padding: [1, 1, 1, 1, 1, 1], bias: false },
  { x: [1, 2, 17, 16, 19], o: 3, k: [2, 2, 2], stride: [2, 2, 2] },
  { x: [1, 1, 4, 4, 4], o: 3, k: [2, 2, 2], stride: [3, 3, 3], dilation: [3, 2, 1] },
  { x: [2, 2, 5, 6, 13], o: 3, k: [3, 3, 4], stride: [4, 6, 4], padding: [2, 2, 3, 3, 4, 4], dilation: [2, 4, 6] },
  { x: [0, 2, 5, 5, 4], o: 3, k: [3, 3, 3] },
];

export const op: OpTest = {
  name: "conv3d",
  call: ([x, w, bias], a) => T.conv3d(x, w, { bias, ...a }),
  reference: convolution,
  samples: { rows: volumes.map(conv("conv3d", 3)), errors: mistakes("conv3d", 3) },
  tolerance: convRule,
};
