/** Samples of 1-D pooling. */
import { ConfigError } from "../../../../src/errors.ts";
import { refused, type SampleTable } from "../sample.ts";
import { type Pool, poolRow } from "./pools.ts";

const lines: readonly Pool[] = [
  [[1, 1, 1], [1], [1], [0, 0]],
  [[1, 1, 6], [2], [2], [0, 0]],
  [[2, 3, 7], [2], [2], [0, 0]],
  [[1, 5, 13], [3], [2], [1, 1]],
  [[3, 2, 9], [3], [1], [1, 0]],
  [[1, 2, 10], [4], [3], [0, 2]],
  [[1, 3, 23], [5], [3], [2, 2]],
  [[1, 2, 7], [7], [1], [0, 0]],
  [[2, 1, 8], [2], [5], [0, 0]],
  [[1, 4, 301], [2], [2], [0, 0]],
  [[0, 2, 6], [2], [2], [0, 0]],
];

const soundLine = { kernel: [2], stride: [2], padding: [0, 0], dilation: [1] };

export const lineTable = (op: "max_pool1d" | "avg_pool1d"): SampleTable => ({
  rows: [false, true].flatMap((ceil_mode) =>
    lines.map((p, i) =>
      poolRow(op, p, { ceil_mode, ...(op === "avg_pool1d" ? { count_include_pad: i % 2 === 0 } : {}) }),
    ),
  ),
  errors: [
    refused("a window longer than the line", [[1, 1, 3]], { ...soundLine, kernel: [5] }, op, "W=3", "5"),
    refused("no batch axis", [[1, 4]], soundLine, op, "[N, C, W]"),
    refused("padding as wide as a window", [[1, 1, 4]], { ...soundLine, padding: [0, 2] }, op, "W"),
    { ...refused("a stride of 0", [[1, 1, 4]], { ...soundLine, stride: [0] }, op, "stride"), errorClass: ConfigError },
    {
      ...refused("half a pad", [[1, 1, 4]], { ...soundLine, padding: [0, 0.5] }, op, "padding"),
      errorClass: ConfigError,
    },
  ],
});
