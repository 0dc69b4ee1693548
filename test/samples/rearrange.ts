import { anyShapes, refused, row, type SampleTable, show } from "./sample.ts";

type Shape = readonly number[];

/** Shapes with something to turn, in every rank, one to many workgroups. */
const shapes: readonly Shape[] = anyShapes.filter((s) => s.length > 0);
const some = (shape: Shape, i: number): number[] => {
  const axes = shape.map((_, d) => d).filter((d) => ((i >> d) & 1) === 0 || shape.length === 1);
  return i % 3 === 0 ? axes.map((d) => d - shape.length) : axes;
};

const flipTable: SampleTable = {
  op: "flip",
  rows: shapes.map((s, i) =>
    row("flip", `${show(s)} ${some(s, i)}`, (d) => ({ inputs: [d.uniform(s)], attrs: { axes: some(s, i) } })),
  ),
  errors: [
    refused("no such axis", [[2, 3]], { axes: [2] }, "flip", "2"),
    refused("an axis twice", [[2, 3]], { axes: [0, -2] }, "twice"),
  ],
};

const rollTable: SampleTable = {
  op: "roll",
  rows: shapes.map((s, i) => {
    const axes = some(s, i);
    const shifts = axes.map((_, k) => [1, -2, 7, 0, -13][(i + k) % 5]);
    return row("roll", `${show(s)} ${axes} by ${shifts}`, (d) => ({ inputs: [d.uniform(s)], attrs: { shifts, axes } }));
  }),
  errors: [
    refused("a shift missing", [[2, 3]], { shifts: [1], axes: [0, 1] }, "roll", "[0, 1]"),
    refused("no such axis", [[2, 3]], { shifts: [1], axes: [-3] }, "-3"),
  ],
};

const broadcasts: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [[], [1]],
  [[], [7]],
  [[1], [257]],
  [[7], [7]],
  [[7], [3, 7]],
  [
    [3, 1],
    [3, 5],
  ],
  [
    [1, 5],
    [3, 5],
  ],
  [
    [1, 1],
    [13, 11],
  ],
  [[5], [2, 3, 5]],
  [
    [3, 1],
    [2, 3, 5],
  ],
  [
    [2, 1, 1],
    [2, 3, 5],
  ],
  [
    [1, 3, 1, 1],
    [2, 3, 4, 5],
  ],
  [
    [2, 1, 4, 1],
    [2, 3, 4, 5],
  ],
  [
    [1, 1, 11, 1],
    [3, 1, 11, 13],
  ],
  [
    [2, 1, 2, 1, 2],
    [2, 3, 2, 3, 2],
  ],
  [
    [1, 1, 1, 1, 1],
    [2, 1, 2, 3, 2],
  ],
  [
    [67, 1],
    [67, 1031],
  ],
  [[1031], [67, 1031]],
  [
    [1, 129, 1],
    [4, 129, 131],
  ],
  [
    [1, 3],
    [0, 3],
  ],
  [[1], [2, 0]],
];

const broadcastTable: SampleTable = {
  op: "broadcast_to",
  rows: broadcasts.map(([x, shape]) =>
    row("broadcast_to", `${show(x)} to ${show(shape)}`, (d) => ({ inputs: [d.uniform(x)], attrs: { shape } })),
  ),
  errors: [
    refused("sizes that differ", [[2, 3]], { shape: [4, 3] }, "broadcast_to", "[2, 3]", "[4, 3]"),
    refused("fewer dimensions", [[2, 3]], { shape: [3] }, "[2, 3]", "[3]"),
    refused("a size that x has and the shape has not", [[3]], { shape: [1] }, "[3]", "[1]"),
  ],
};

const repeats: readonly (readonly [Shape, readonly number[]])[] = [
  [[], []],
  [[], [3]],
  [[1], [1]],
  [[1], [7]],
  [[7], [3]],
  [[7], [2, 3]],
  [
    [3, 5],
    [1, 2],
  ],
  [
    [3, 5],
    [2, 1],
  ],
  [
    [3, 5],
    [2, 3],
  ],
  [
    [3, 5],
    [2, 1, 3],
  ],
  [
    [1, 13],
    [5, 1],
  ],
  [
    [13, 1],
    [1, 5],
  ],
  [
    [2, 3, 5],
    [1, 3, 1],
  ],
  [
    [2, 3, 5],
    [2, 1, 2],
  ],
  [
    [2, 3, 4, 5],
    [1, 2, 3, 1],
  ],
  [
    [2, 3, 4, 5],
    [2, 2, 2, 2],
  ],
  [
    [2, 3, 2, 3, 2],
    [2, 2, 3, 1, 2],
  ],
  [
    [2, 3, 2, 3, 2],
    [2, 2, 2, 2, 2],
  ],
  [
    [1, 1, 11, 13],
    [1, 3, 1, 1],
  ],
  [[523], [5]],
  [
    [67, 71],
    [3, 2],
  ],
  [
    [2, 3],
    [0, 2],
  ],
  [
    [0, 3],
    [2, 2],
  ],
];

const repeatTable: SampleTable = {
  op: "repeat",
  rows: repeats.map(([x, r]) =>
    row("repeat", `${show(x)} by ${show(r)}`, (d) => ({ inputs: [d.uniform(x)], attrs: { repeats: r } })),
  ),
  errors: [
    refused("too few repeats", [[2, 3]], { repeats: [2] }, "repeat", "[2]", "[2, 3]"),
    refused("a negative one", [[2, 3]], { repeats: [2, -1] }, "-1"),
  ],
};

const splits: readonly (readonly [Shape, readonly number[], number])[] = [
  [[1], [1], 0],
  [[7], [3, 4], 0],
  [[7], [1, 2, 3, 1], 0],
  [[7], [7, 0], 0],
  [[3, 5], [1, 2], 0],
  [[3, 5], [4, 1], 1],
  [[3, 5], [2, 2, 1], -1],
  [[1, 13], [6, 7], 1],
  [[13, 1], [1, 5, 7], 0],
  [[2, 3, 5], [1, 1, 1], 1],
  [[2, 3, 5], [2, 3], -1],
  [[2, 3, 5], [1, 1], 0],
  [[2, 3, 4, 5], [1, 3], 2],
  [[2, 3, 4, 5], [2, 1], -3],
  [[1, 1, 11, 13], [5, 6], 2],
  [[2, 3, 2, 3, 2], [1, 2], 3],
  [[523], [261, 262], 0],
  [[67, 71], [60, 7], 0],
  [[67, 71], [1, 70], 1],
  [[2, 129, 131], [65, 64], 1],
  [[0, 3], [1, 2], 1],
];

const splitTable: SampleTable = {
  op: "split",
  rows: splits.map(([x, sizes, axis]) =>
    row("split", `${show(x)} axis ${axis}: ${show(sizes)}`, (d) => ({
      inputs: [d.uniform(x)],
      attrs: { sizes, axis },
    })),
  ),
  errors: [
    refused("sizes that do not add up", [[2, 7]], { sizes: [3, 3], axis: 1 }, "split", "[3,3]", "7"),
    refused("no such axis", [[2, 3]], { sizes: [1, 1], axis: 2 }, "2"),
  ],
};

const stackTable: SampleTable = {
  op: "stack",
  rows: anyShapes.map((s, i) => {
    const axis = [0, s.length, -1, -s.length - 1][i % 4];
    const n = 1 + (i % 4);
    return row("stack", `${n} of ${show(s)} at ${axis}`, (d) => ({
      inputs: Array.from({ length: n }, () => d.uniform(s)),
      attrs: { axis },
    }));
  }),
  errors: [
    refused(
      "shapes differ",
      [
        [2, 3],
        [3, 2],
      ],
      { axis: 0 },
      "stack",
      "[2, 3]",
      "[3, 2]",
    ),
    refused(
      "no such axis",
      [
        [2, 3],
        [2, 3],
      ],
      { axis: 3 },
      "3",
    ),
  ],
};

const unsqueezeTable: SampleTable = {
  op: "unsqueeze",
  rows: anyShapes.map((s, i) => {
    const axis = [0, s.length, -1, -s.length - 1][i % 4];
    return row("unsqueeze", `${show(s)} at ${axis}`, (d) => ({ inputs: [d.uniform(s)], attrs: { axis } }));
  }),
  errors: [refused("no such axis", [[2, 3]], { axis: 3 }, "unsqueeze", "3")],
};

const squeezes: readonly (readonly [s: Shape, axes?: readonly number[]])[] = [
  [[]],
  [[1]],
  [[1], [0]],
  [[7]],
  [[1, 13]],
  [[1, 13], [0]],
  [[13, 1], [-1]],
  [[1, 1], [1]],
  [[1, 1]],
  [[2, 1, 5]],
  [[2, 1, 5], [1]],
  [[2, 3, 5]],
  [[2, 3, 5], []],
  [[1, 1, 1, 1]],
  [
    [1, 1, 1, 1],
    [0, -1],
  ],
  [[1, 3, 4, 1], [0]],
  [[3, 1, 7, 2], [1]],
  [[2, 1, 2, 1, 2]],
  [[2, 1, 2, 1, 2], [-2]],
  [[4, 1, 131], [1]],
  [[1, 1031]],
  [[1, 0]],
];

const squeezeTable: SampleTable = {
  op: "squeeze",
  rows: squeezes.map(([s, axes]) =>
    row("squeeze", `${show(s)} ${axes ? show(axes) : "all"}`, (d) => ({
      inputs: [d.uniform(s)],
      attrs: axes ? { axes } : {},
    })),
  ),
  errors: [refused("not of size 1", [[2, 1]], { axes: [0] }, "squeeze", "dimension 0", "2")],
};

export const rearrangeSamples: readonly SampleTable[] = [
  flipTable,
  rollTable,
  broadcastTable,
  repeatTable,
  splitTable,
  stackTable,
  unsqueezeTable,
  squeezeTable,
];
