import * as L from "../../../src/landmarks/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Attrs, numberOf, type Ref, type Reference, ref } from "../common/ref.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { configured } from "../common/samples/landmark-losses.ts";
import { peak } from "../common/tolerance/sums.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

/** For each row of losses [N, K], which are among the `top` largest; of equal ones the first. */
function hardest(x: Ref, top: number): Uint8Array {
  const [n, k] = x.shape;
  const chosen = new Uint8Array(n * k);
  for (let row = 0; row < n; row++) {
    const order = Array.from({ length: k }, (_, j) => row * k + j).sort((i, j) => x.data[j] - x.data[i] || i - j);
    for (const i of order.slice(0, top)) chosen[i] = 1;
  }
  return chosen;
}

const shareOf = (x: Ref, attrs: Attrs): number => 1 / (x.shape[0] * Math.min(numberOf(attrs, "top"), x.shape[1]));

/** Losses [N, K]: the mean of the `top` largest of each row, then over the rows. */
const reference: Reference = {
  forward([x], attrs) {
    const chosen = hardest(x, numberOf(attrs, "top"));
    return ref([], [shareOf(x, attrs) * x.data.reduce((sum, v, i) => sum + (chosen[i] ? v : 0), 0)]);
  },
  backward([x], attrs, gradOut) {
    const chosen = hardest(x, numberOf(attrs, "top"));
    return [
      ref(
        x.shape,
        x.data.map((_, i) => (chosen[i] ? shareOf(x, attrs) * gradOut.data[0] : 0)),
      ),
    ];
  },
};

const tolerance: ToleranceRule = {
  forward({ inputs: [x], attrs, u }) {
    const terms = x.shape[0] * Math.min(numberOf(attrs, "top"), x.shape[1]);
    return (u * Math.sqrt(terms) * peak(x)) / terms;
  },
  grad: ({ want, u }) => want.data.map((v) => u * Math.abs(v)),
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

const samples: SampleTable = {
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

export const op: OpTest = {
  name: "ohkm",
  call: ([x], a) => L.ohkm(x, a),
  reference,
  samples,
  tolerance,
};
