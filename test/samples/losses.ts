/** Pointwise losses. */
import { ConfigError } from "../../src/errors.ts";
import type { Attrs, Ref } from "../reference/ref.ts";
import { type Draws, type ErrorRow, type Row, refused, row, type SampleTable, show } from "./sample.ts";

type Shape = readonly number[];

/** Shape, reduction, dimensions kept, and the weight's shape where there is one. */
const cases: readonly (readonly [Shape, string, number, Shape?])[] = [
  [[], "mean", 0],
  [[1], "sum", 0],
  [[7], "mean", 0],
  [[7], "none", 0, [7]],
  [[257], "sum", 0],
  [[3, 5], "batchmean", 0],
  [[3, 5], "mean", 1],
  [[1, 13], "none", 0],
  [[13, 1], "mean", 1, [13, 1]],
  [[2, 3, 5], "sum", 2],
  [[2, 3, 5], "mean", 0, [5]],
  [[1, 1, 4, 4], "batchmean", 0, [1, 1, 4, 4]],
  [[2, 3, 4, 5], "mean", 2],
  [[2, 3, 4, 5], "mean", 2, [2, 3, 1, 1]],
  [[2, 3, 4, 5], "none", 0, [2, 3, 1, 1]],
  [[3, 1, 7, 2], "sum", 3, [3, 1, 1, 1]],
  [[3, 2, 7, 2], "mean", 3, [3, 1, 1, 1]],
  [[1, 5, 11, 13], "mean", 0, [1, 5, 1, 1]],
  [[2, 2, 16, 16], "sum", 1, [2, 16, 16]],
  [[1031], "mean", 0],
  [[67, 71], "sum", 0, [67, 1]],
  [[67, 71], "batchmean", 0],
  [[1, 6, 31, 37], "none", 0],
  [[3, 2, 61, 59], "mean", 0, [3, 2, 61, 59]],
  [[2, 2, 2, 2, 3], "mean", 4],
  [[0], "sum", 0],
  [[0, 3], "none", 0],
  [[3, 0], "mean", 0, [3, 0]],
];

/** Weights of which some are 0. */
const weights = (d: Draws, shape: Shape): Ref =>
  d.fill(shape, (r, i) => (r.uniform() < 0.3 && i > 0 ? 0 : r.uniform(0.2, 2)));

interface Table {
  readonly op: string;
  readonly values: (d: Draws, shape: Shape, attrs: Attrs) => Ref[];
  /** Own options, one of these for each row in turn. */
  readonly options?: readonly Attrs[];
  readonly rows?: readonly Row[];
  readonly errors?: readonly ErrorRow[];
}

const table = ({ op, values, options = [{}], rows = [], errors = [] }: Table): SampleTable => ({
  op,
  rows: [
    ...cases.map(([shape, reduction, keep, weight], i) => {
      const own = options[i % options.length];
      const name = `${show(shape)} ${reduction} keep ${keep}${weight ? ` weight ${show(weight)}` : ""} ${JSON.stringify(own)}`;
      return row(op, name, (d) => {
        const inputs = values(d, shape, own);
        return { inputs: weight ? [...inputs, weights(d, weight)] : inputs, attrs: { reduction, keep, ...own } };
      });
    }),
    ...rows,
  ],
  errors: [
    refused(
      "shapes differ",
      [
        [2, 3],
        [2, 4],
      ],
      { reduction: "mean", ...options[0] },
      op,
      "[2, 3]",
      "[2, 4]",
    ),
    refused("no such weight", [[2, 3], [2, 3], [2]], { reduction: "mean", ...options[0] }, op, "[2, 3]", "[2]"),
    refused(
      "a weight larger than all",
      [[3], [3], [2, 3]],
      { reduction: "mean", ...options[0] },
      op,
      "weight",
      "[2, 3]",
    ),
    refused("a scalar's batch", [[], []], { reduction: "batchmean", ...options[0] }, op, "batchmean", "sum"),
    configured("no such reduction", { reduction: "max", ...options[0] }, op, "reduction is max", "mean"),
    configured("keeps too much", { reduction: "mean", keep: 3, ...options[0] }, op, "keep is 3", "[2, 3]"),
    configured("keeps what is not reduced", { reduction: "none", keep: 1, ...options[0] }, op, "keep", "none"),
    ...errors,
  ],
});

const configured = (name: string, attrs: Attrs, ...messageIncludes: string[]): ErrorRow => ({
  ...refused(
    name,
    [
      [2, 3],
      [2, 3],
    ],
    attrs,
    ...messageIncludes,
  ),
  errorClass: ConfigError,
});

/** Prediction and target whose difference stays away from `edges` of either sign, and from 0. */
const pair = (d: Draws, shape: Shape, edges: readonly number[], reach = 3): Ref[] => {
  const b = d.uniform(shape);
  const kinks = [0, ...edges, ...edges.map((e) => -e)];
  const apart = d.apart(shape, kinks, -reach, reach);
  return [{ shape, data: apart.data.map((v, i) => Math.fround(v + b.data[i])) }, b];
};
const differing =
  (edge?: string, reach?: number) =>
  (d: Draws, shape: Shape, attrs: Attrs): Ref[] =>
    pair(d, shape, edge ? [attrs[edge] as number] : [], reach);

const meanOf = { reduction: "mean", keep: 0 } as const;

export const lossSamples: readonly SampleTable[] = [
  table({ op: "mse_loss", values: (d, s) => [d.uniform(s), d.uniform(s)] }),
  table({
    op: "l1_loss",
    values: differing(),
    rows: [row("l1_loss", "equal entries", (d) => ({ inputs: [d.ties([5, 7]), d.ties([5, 7])], attrs: meanOf }), true)],
  }),
  table({ op: "half_sse", values: (d, s) => [d.uniform(s), d.uniform(s)] }),
  table({
    op: "smooth_l1",
    values: differing("beta"),
    options: [{ beta: 1 }, { beta: 0.25 }, { beta: 0 }, { beta: 2.5 }],
    errors: [
      configured("negative beta", { ...meanOf, beta: -1 }, "smooth_l1: beta is -1; give a number of at least 0"),
    ],
  }),
  table({
    op: "huber_loss",
    values: differing("delta"),
    options: [{ delta: 1 }, { delta: 0.25 }, { delta: 2.5 }],
    errors: [configured("delta of 0", { ...meanOf, delta: 0 }, "huber_loss: delta is 0; give a number above 0")],
  }),
  table({
    op: "wing_loss",
    values: differing("width", 4),
    options: [
      { width: 15, curvature: 3 },
      { width: 1.5, curvature: 0.25 },
      { width: 2.5, curvature: 8 },
    ],
    errors: [
      configured("no width", { ...meanOf, width: 0, curvature: 3 }, "wing_loss: width is 0"),
      configured("no curvature", { ...meanOf, width: 15, curvature: -2 }, "wing_loss: curvature is -2"),
    ],
  }),
  table({
    op: "elastic_loss",
    values: differing(),
    options: [{ mix: 0.5 }, { mix: 0 }, { mix: 1 }, { mix: 0.125 }],
    errors: [configured("mix of 2", { ...meanOf, mix: 2 }, "elastic_loss: mix is 2; give a number from 0 to 1")],
  }),
  table({
    op: "robust_loss",
    values: differing(),
    options: [
      { alpha: 1, scale: 0.5 },
      { alpha: 0, scale: 0.25 },
      { alpha: 2, scale: 2 },
      { alpha: 1.5, scale: 4 },
      { alpha: 0.25, scale: 1 },
    ],
    rows: [
      row("robust_loss", "errors far below the scale", (d) => ({
        inputs: pair(d, [61], [], 2),
        attrs: { ...meanOf, alpha: 1, scale: 1024 },
      })),
    ],
    errors: [
      configured("alpha of 3", { ...meanOf, alpha: 3, scale: 1 }, "robust_loss: alpha is 3; give a number from 0 to 2"),
      configured("no scale", { ...meanOf, alpha: 1, scale: 0 }, "robust_loss: scale is 0"),
    ],
  }),
  table({
    op: "bce_loss",
    values: (d, s) => [d.uniform(s, 0.03, 0.97), d.uniform(s, 0, 1)],
    rows: [
      row(
        "bce_loss",
        "sure, rightly or wrongly",
        (d) => ({
          inputs: [d.zerosAndOnes([5, 13], 0.5), d.zerosAndOnes([5, 13], 0.5)],
          attrs: { reduction: "sum", keep: 0 },
        }),
        true,
      ),
    ],
  }),
  table({ op: "bce_with_logits", values: (d, s) => [d.apart(s, [0], -4, 4), d.uniform(s, 0, 1)] }),
  table({ op: "cce_loss", values: (d, s) => [d.uniform(s, 0.03, 1), d.uniform(s, 0, 1)] }),
  table({
    op: "kl_div",
    values: (d, s) => [d.uniform(s, -6, -0.05), d.uniform(s, 0, 1)],
    rows: [
      row("kl_div", "targets of 0", (d) => ({
        inputs: [d.uniform([3, 5], -6, -1), d.zerosAndOnes([3, 5], 0.4)],
        attrs: meanOf,
      })),
    ],
  }),
  table({
    op: "js_divergence",
    values: (d, s) => [d.uniform(s, 0.02, 1), d.uniform(s, 0.02, 1)],
    rows: [
      row("js_divergence", "small and alike", (d) => {
        const p = d.uniform([7, 11], 1e-3, 0.1);
        return {
          inputs: [p, d.fill([7, 11], (r, i) => p.data[i] * r.uniform(0.8, 1.2))],
          attrs: { reduction: "sum", keep: 0 },
        };
      }),
    ],
  }),
];
