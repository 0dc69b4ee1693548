/** conv1d and conv3d. */
import { ConfigError } from "../../src/errors.ts";
import { type ErrorRow, type Row, refused, row, type SampleTable, show } from "./sample.ts";

interface Case {
  readonly x: readonly number[];
  /** Output channels. */
  readonly o: number;
  readonly k: readonly number[];
  readonly stride?: number | readonly number[];
  readonly padding?: readonly number[];
  readonly dilation?: number | readonly number[];
  readonly groups?: number;
  readonly bias?: false;
}

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

const plain = (axes: number) => ({
  stride: axes === 1 ? 1 : new Array<number>(axes).fill(1),
  padding: new Array<number>(2 * axes).fill(0),
  dilation: axes === 1 ? 1 : new Array<number>(axes).fill(1),
  groups: 1,
});

const conv =
  (op: string, axes: number) =>
  (c: Case): Row => {
    const { x, o, k, bias, ...given } = c;
    const attrs = { ...plain(axes), ...given };
    const name = `${show(x)} to ${o} by ${show(k)} ${JSON.stringify(given)}${bias === false ? " without bias" : ""}`;
    const w = [o, x[1] / attrs.groups, ...k];
    return row(op, name, (d) => ({
      inputs: [d.uniform(x), d.uniform(w), ...(bias === false ? [] : [d.uniform([o])])],
      attrs,
    }));
  };

/** The same mistakes for any number of axes. */
function mistakes(op: string, axes: number): ErrorRow[] {
  const size = (n: number): number[] => new Array<number>(axes).fill(n);
  const attrs = plain(axes);
  const misconfigured = (name: string, change: object, ...parts: string[]): ErrorRow => ({
    ...refused(
      name,
      [
        [1, 2, ...size(8)],
        [4, 2, ...size(3)],
      ],
      { ...attrs, ...change },
      op,
      ...parts,
    ),
    errorClass: ConfigError,
  });
  return [
    refused(
      "channels differ",
      [
        [2, 3, ...size(8)],
        [4, 5, ...size(3)],
      ],
      attrs,
      op,
      "C=3",
      "I=5",
    ),
    refused(
      "groups do not divide",
      [
        [2, 3, ...size(8)],
        [4, 1, ...size(3)],
      ],
      { ...attrs, groups: 2 },
      op,
      "C=3",
    ),
    refused(
      "groups do not divide the outputs",
      [
        [2, 4, ...size(8)],
        [3, 2, ...size(3)],
      ],
      { ...attrs, groups: 2 },
      op,
      "O=3",
    ),
    refused(
      "kernel larger than x",
      [
        [1, 1, ...size(4)],
        [1, 1, ...size(5)],
      ],
      attrs,
      op,
      "5",
      "4",
      "padding",
    ),
    refused("bias of another size", [[1, 1, ...size(4)], [2, 1, ...size(3)], [3]], attrs, op, "[2]"),
    refused(
      "no batch axis",
      [
        [1, ...size(4)],
        [2, 1, ...size(3)],
      ],
      attrs,
      op,
      `${axes + 2} dimensions`,
    ),
    refused(
      "weights of another rank",
      [
        [1, 1, ...size(4)],
        [2, 1, 3, ...size(3)],
      ],
      attrs,
      op,
      `${axes + 2} dimensions`,
    ),
    misconfigured("a stride of 0", { stride: axes === 1 ? 0 : size(0) }, "stride", "at least 1"),
    misconfigured("padding of one side too few", { padding: new Array(axes === 1 ? 3 : 5).fill(1) }, "padding"),
    misconfigured("a dilation of a half", { dilation: 0.5 }, "dilation", "integer"),
  ];
}

export const convNdSamples: readonly SampleTable[] = [
  { op: "conv1d", rows: lines.map(conv("conv1d", 1)), errors: mistakes("conv1d", 1) },
  { op: "conv3d", rows: volumes.map(conv("conv3d", 3)), errors: mistakes("conv3d", 3) },
];
