import { type Row, refused, row, type SampleTable, show } from "./sample.ts";

type Four = readonly [number, number, number, number];
type Two = readonly [number, number];

interface Case {
  readonly x: Four;
  /** Output channels. */
  readonly o: number;
  readonly k: Two;
  readonly stride?: Two;
  readonly padding?: Four;
  readonly dilation?: Two;
  readonly groups?: number;
  readonly bias?: false;
}

const cases: readonly Case[] = [
  { x: [1, 1, 1, 1], o: 1, k: [1, 1] },
  { x: [1, 1, 5, 7], o: 1, k: [3, 3], bias: false },
  { x: [2, 3, 7, 5], o: 4, k: [1, 1] },
  { x: [2, 3, 8, 11], o: 4, k: [3, 3], padding: [1, 1, 1, 1] },
  { x: [3, 2, 9, 6], o: 5, k: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1], bias: false },
  { x: [1, 4, 13, 11], o: 3, k: [3, 3], padding: [2, 2, 2, 2], dilation: [2, 2] },
  { x: [1, 2, 13, 17], o: 3, k: [3, 3], stride: [2, 1], padding: [2, 2, 3, 3], dilation: [1, 3] },
  { x: [2, 2, 11, 9], o: 3, k: [3, 3], stride: [3, 2], padding: [4, 4, 2, 2], dilation: [4, 2] },
  { x: [1, 3, 10, 7], o: 2, k: [3, 3], padding: [0, 1, 2, 0] },
  { x: [1, 3, 10, 7], o: 2, k: [4, 2], stride: [2, 1], padding: [1, 2, 0, 1] },
  { x: [1, 1, 17, 19], o: 2, k: [7, 7], stride: [2, 2], padding: [3, 3, 3, 3], bias: false },
  { x: [1, 1, 6, 23], o: 3, k: [1, 5], padding: [0, 0, 2, 2] },
  { x: [1, 2, 23, 6], o: 3, k: [5, 1], padding: [2, 2, 0, 0], bias: false },
  { x: [2, 4, 7, 9], o: 6, k: [3, 3], padding: [1, 1, 1, 1], groups: 2 },
  { x: [1, 6, 7, 5], o: 6, k: [3, 3], padding: [1, 1, 1, 1], groups: 6 },
  { x: [3, 3, 8, 5], o: 9, k: [3, 3], stride: [2, 2], padding: [0, 1, 0, 1], groups: 3, bias: false },
  { x: [1, 6, 11, 8], o: 4, k: [3, 2], stride: [1, 2], padding: [3, 0, 1, 2], dilation: [3, 1], groups: 2 },
  { x: [1, 1, 3, 2], o: 2, k: [3, 3], padding: [4, 4, 5, 5] },
  { x: [1, 5, 5, 7], o: 3, k: [5, 7] },
  { x: [1, 17, 5, 6], o: 19, k: [3, 3], padding: [1, 1, 1, 1] },
  { x: [2, 8, 16, 16], o: 16, k: [3, 3], padding: [1, 1, 1, 1] },
  { x: [1, 3, 31, 37], o: 8, k: [3, 3], padding: [1, 1, 1, 1], bias: false },
  { x: [1, 3, 64, 61], o: 8, k: [1, 1] },
  { x: [1, 2, 4, 4], o: 3, k: [2, 2], stride: [3, 3] },
  // Grouped and depthwise: odd counts, several channels from one, stride and dilation together.
  { x: [1, 5, 9, 11], o: 10, k: [3, 3], stride: [2, 2], padding: [2, 2, 2, 2], dilation: [2, 2], groups: 5 },
  { x: [2, 7, 10, 6], o: 7, k: [3, 3], stride: [1, 2], padding: [2, 1, 0, 3], dilation: [2, 1], groups: 7 },
  { x: [1, 6, 13, 8], o: 15, k: [2, 3], stride: [3, 3], padding: [0, 2, 2, 1], dilation: [2, 2], groups: 3 },
  {
    x: [2, 3, 12, 9],
    o: 9,
    k: [3, 5],
    stride: [2, 3],
    padding: [3, 0, 4, 4],
    dilation: [3, 2],
    groups: 3,
    bias: false,
  },
  { x: [1, 9, 16, 18], o: 18, k: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1], groups: 9 },
  { x: [0, 2, 5, 5], o: 3, k: [3, 3] },
];

const defaults = { stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 };

function conv(c: Case): Row {
  const { x, o, k, bias, ...given } = c;
  const attrs = { ...defaults, ...given };
  const name = `${show(x)} to ${o} by ${show(k)} ${JSON.stringify(given)}${bias === false ? " without bias" : ""}`;
  const w = [o, x[1] / attrs.groups, ...k];
  return row("conv2d", name, (d) => ({
    inputs: [d.uniform(x), d.uniform(w), ...(bias === false ? [] : [d.uniform([o])])],
    attrs,
  }));
}

export const convSamples: readonly SampleTable[] = [
  {
    op: "conv2d",
    rows: cases.map(conv),
    errors: [
      refused(
        "channels differ",
        [
          [2, 3, 8, 8],
          [4, 5, 3, 3],
        ],
        defaults,
        "conv2d",
        "3",
        "5",
      ),
      refused(
        "groups do not divide",
        [
          [2, 3, 8, 8],
          [4, 1, 3, 3],
        ],
        { ...defaults, groups: 2 },
        "conv2d",
        "3",
        "2",
      ),
      refused(
        "groups do not divide the outputs",
        [
          [2, 4, 8, 8],
          [3, 2, 3, 3],
        ],
        { ...defaults, groups: 2 },
        "conv2d",
        "3",
        "2",
      ),
      refused(
        "kernel larger than the image",
        [
          [1, 1, 4, 4],
          [1, 1, 5, 3],
        ],
        defaults,
        "conv2d",
        "5",
        "4",
      ),
      refused("bias of another size", [[1, 1, 4, 4], [2, 1, 3, 3], [3]], defaults, "conv2d", "3", "2"),
      refused(
        "no batch axis",
        [
          [1, 4, 4],
          [2, 1, 3, 3],
        ],
        defaults,
        "conv2d",
        "4",
      ),
    ],
  },
];
