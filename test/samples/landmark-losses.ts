/** Cross-entropy over channels, Dice, hard key-point mining, the spread of heat-maps. */
import { ConfigError } from "../../src/errors.ts";
import type { Attrs, Ref } from "../reference/ref.ts";
import { type Draws, type ErrorRow, refused, row, type SampleTable, show } from "./sample.ts";

type Shape = readonly number[];

const configured = (name: string, shapes: readonly Shape[], attrs: Attrs, ...parts: string[]): ErrorRow => ({
  ...refused(name, shapes, attrs, ...parts),
  errorClass: ConfigError,
});

const classShapes: readonly Shape[] = [
  [1, 1],
  [1, 2],
  [7, 3],
  [8, 1000],
  [1, 257],
  [300, 5],
  [2, 3, 5],
  [1, 4, 1],
  [3, 1, 7],
  [1, 1, 1, 1],
  [2, 3, 4, 5],
  [1, 5, 7, 11],
  [3, 2, 13, 1],
  [1, 19, 6, 5],
  [2, 2, 16, 16],
  [1, 7, 31, 37],
  [3, 4, 67, 61],
  [5, 3, 1, 2],
  [1, 65, 3, 3],
  [2, 129, 2, 1],
  [2, 3, 4, 3, 5],
];
const reductions = ["mean", "sum", "none", "batchmean"];

/** Shares of each place: soft, one-hot, or with places that have none and others with more than 1. */
const targets = (d: Draws, shape: Shape, i: number): Ref =>
  i % 2 === 0 ? d.uniform(shape, 0, 1) : d.zerosAndOnes(shape, 0.4);

const crossEntropy: SampleTable = {
  op: "cross_entropy",
  rows: [
    ...classShapes.map((shape, i) =>
      row("cross_entropy", `${show(shape)} ${reductions[i % 4]}`, (d) => ({
        inputs: [d.uniform(shape, -4, 4), targets(d, shape, i)],
        attrs: { reduction: reductions[i % 4] },
      })),
    ),
    row("cross_entropy", "large logits", (d) => ({
      inputs: [d.uniform([5, 17], 480, 500), d.uniform([5, 17], 0, 1)],
      attrs: { reduction: "mean" },
    })),
    row("cross_entropy", "no samples", (d) => ({
      inputs: [d.uniform([0, 3]), d.uniform([0, 3])],
      attrs: { reduction: "sum" },
    })),
  ],
  errors: [
    refused(
      "shapes differ",
      [
        [2, 3],
        [2, 4],
      ],
      { reduction: "mean" },
      "cross_entropy",
      "[2, 3]",
      "[2, 4]",
    ),
    refused("no classes", [[3], [3]], { reduction: "mean" }, "cross_entropy: the logits are [3]", "[N, C, ...]"),
    configured(
      "no such reduction",
      [
        [2, 3],
        [2, 3],
      ],
      { reduction: "max" },
      "cross_entropy: reduction is max",
    ),
  ],
};

const logDice: SampleTable = {
  op: "log_dice",
  rows: classShapes.map((shape, i) => {
    const eps = [0.5, 0, 2 ** -20][i % 3];
    return row("log_dice", `${show(shape)} eps ${eps}`, (d) => ({
      inputs: [d.uniform(shape, 0.05, 1), d.uniform(shape, 0, 1), d.uniform([shape[1]], 0.25, 2)],
      attrs: { eps },
    }));
  }),
  errors: [
    refused("shapes differ", [[2, 3], [2, 4], [3]], { eps: 0 }, "log_dice", "[2, 3]", "[2, 4]"),
    refused("no classes", [[3], [3], [3]], { eps: 0 }, "log_dice: the maps are [3]", "[N, C, ...]"),
    refused("weights of others", [[2, 3, 4], [2, 3, 4], [2]], { eps: 0 }, "log_dice: the weight is [2]", "3 classes"),
    configured("negative eps", [[2, 3], [2, 3], [3]], { eps: -1 }, "log_dice: eps is -1", "at least 0"),
  ],
};

const jointShapes: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [1, 8, 8],
  [1, 9, 8],
  [2, 17, 8],
  [3, 5, 8],
  [5, 45, 8],
  [7, 19, 1],
  [64, 3, 2],
  [13, 13, 13],
  [1, 257, 31],
  [129, 2, 1],
  [31, 37, 5],
  [2, 1, 8],
  [1, 64, 63],
  [3, 65, 8],
  [200, 11, 3],
  [17, 6, 6],
  [4, 33, 32],
  [9, 7, 4],
  [1, 2, 1],
];

const ohkm: SampleTable = {
  op: "ohkm",
  rows: [
    ...jointShapes.map(([n, k, top]) =>
      row("ohkm", `${show([n, k])} top ${top}`, (d) => ({ inputs: [d.distinct([n, k])], attrs: { top } })),
    ),
    row("ohkm", "ties", (d) => ({ inputs: [d.ties([7, 19])], attrs: { top: 8 } }), true),
  ],
  errors: [
    refused("no landmarks", [[2, 0]], { top: 8 }, "ohkm: the losses are [2, 0]", "[N, K]"),
    refused("maps", [[2, 3, 4, 4]], { top: 8 }, "ohkm: the losses are [2, 3, 4, 4]"),
    configured("none of them", [[2, 3]], { top: 0 }, "ohkm: top is 0; give a whole number of at least 1"),
  ],
};

const mapShapes: readonly Shape[] = [
  [1, 1, 1, 1],
  [1, 1, 1, 7],
  [1, 1, 7, 1],
  [1, 1, 2, 3],
  [2, 3, 4, 5],
  [3, 1, 5, 4],
  [1, 5, 7, 11],
  [1, 2, 13, 17],
  [2, 2, 16, 16],
  [1, 1, 17, 15],
  [3, 4, 9, 3],
  [1, 7, 8, 8],
  [1, 6, 31, 37],
  [2, 1, 64, 5],
  [1, 1, 67, 71],
  [2, 3, 33, 16],
  [1, 19, 6, 5],
  [5, 2, 3, 3],
  [1, 3, 101, 97],
  [70, 2, 5, 3],
  [0, 2, 4, 4],
];

const heatmapVariance: SampleTable = {
  op: "heatmap_variance",
  rows: [
    ...mapShapes.map((shape) =>
      row("heatmap_variance", show(shape), (d) => ({ inputs: [d.uniform(shape, 0.02, 1)], attrs: {} })),
    ),
    row("heatmap_variance", "a sharp peak far out", (d) => ({
      inputs: [d.fill([1, 2, 41, 53], (r, i) => (i % 2173 === 2100 ? 8 : r.uniform(0, 2 ** -16)))],
      attrs: {},
    })),
  ],
  errors: [
    refused("no batch axis", [[2, 4, 4]], {}, "heatmap_variance", "[2, 4, 4]", "[N, K, H, W]"),
    refused("no pixels", [[1, 2, 0, 4]], {}, "heatmap_variance", "no pixels"),
  ],
};

export const landmarkLossSamples: readonly SampleTable[] = [crossEntropy, logDice, ohkm, heatmapVariance];
