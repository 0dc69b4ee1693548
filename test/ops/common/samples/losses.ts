/** Samples of losses that are sums of terms. */
import { ConfigError } from "../../../../src/errors.ts";
import type { Attrs, Ref } from "../ref.ts";
import { type Draws, type ErrorRow, type Row, refused, row, type SampleTable, show } from "../sample.ts";

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

export const lossTable = ({ op, values, options = [{}], rows = [], errors = [] }: Table): SampleTable => ({
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

export const configured = (name: string, attrs: Attrs, ...messageIncludes: string[]): ErrorRow => ({
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
export const pair = (d: Draws, shape: Shape, edges: readonly number[], reach = 3): Ref[] => {
  const b = d.uniform(shape);
  const kinks = [0, ...edges, ...edges.map((e) => -e)];
  const apart = d.apart(shape, kinks, -reach, reach);
  return [{ shape, data: apart.data.map((v, i) => Math.fround(v + b.data[i])) }, b];
};

export const differing =
  (edge?: string, reach?: number) =>
  (d: Draws, shape: Shape, attrs: Attrs): Ref[] =>
    pair(d, shape, edge ? [attrs[edge] as number] : [], reach);

export const meanOf = { reduction: "mean", keep: 0 } as const;
