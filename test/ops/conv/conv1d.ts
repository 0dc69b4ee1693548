/** x [N, C, W], w [O, C/groups, kW], optional bias [O]; attrs { stride, dilation, padding: [before, after], groups }. */
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { convolution } from "../common/reference/conv-nd.ts";
import { type Case, conv, mistakes } from "../common/samples/conv-nd.ts";
import { convRule } from "../common/tolerance/conv.ts";

const lines: readonly Case[] = [
  { x: [1, 1, 1], o: 1, k: [1] },
  { x: [1, 1, 7], o: 1, k: [3], bias: false },
  { x: [2, 3, 8], o: 4, k: [1] },
  { x: [2, 3, 11], o: 4, k: [3], padding: [1, 1] },
  { x: [3, 2, 9], o: 5, k: [3], stride: 2, padding: [1, 1], bias: false },
  { x: [1, 4, 13], o: 3, k: [3], padding: [2, 2], dilation: 2 },
  { x: [1, 2, 17], o: 3, k: [3], stride: 2, padding: [3, 3], dilation: 3 },
  { x: [2, 2, 16], o: 3, k: [4], stride: 3, padding: [0, 2], dilation: 2 },
  { x: [1, 3, 10], o: 2, k: [5], padding: [4, 0] },
  { x: [1, 1, 19], o: 2, k: [7], stride: 2, padding: [3, 2], bias: false },
  { x: [2, 4, 9], o: 6, k: [3], padding: [1, 1], groups: 2 },
  { x: [1, 6, 5], o: 6, k: [3], padding: [1, 1], groups: 6 },
  { x: [3, 3, 8], o: 9, k: [2], stride: 2, padding: [0, 1], groups: 3, bias: false },
  { x: [1, 5, 14], o: 10, k: [3], stride: 4, padding: [2, 1], dilation: 2, groups: 5 },
  { x: [1, 1, 2], o: 2, k: [3], padding: [4, 5] },
  { x: [1, 17, 23], o: 19, k: [3], padding: [1, 1] },
  { x: [2, 8, 131], o: 16, k: [9], padding: [4, 4] },
  { x: [1, 3, 1031], o: 8, k: [5], stride: 5, bias: false },
  { x: [3, 1, 4099], o: 1, k: [31], padding: [15, 15] },
  { x: [1, 2, 4], o: 3, k: [2], stride: 3 },
  { x: [0, 2, 5], o: 3, k: [3] },
];

export const op: OpTest = {
  name: "conv1d",
  call: ([x, w, bias], a) => T.conv1d(x, w, { bias, ...a }),
  reference: convolution,
  samples: { rows: lines.map(conv("conv1d", 1)), errors: mistakes("conv1d", 1) },
  tolerance: convRule,
};
