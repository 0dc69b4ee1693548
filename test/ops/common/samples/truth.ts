/** Samples of any and all: most groups just so, and what a comparison may take for 0. */
import { row, type SampleTable } from "../sample.ts";
import { type Case, reduceTable } from "./reduce.ts";

const empty: readonly Case[] = [
  [[0, 3], [1]],
  [[0, 3], [0]],
];

export const truthTable = (op: "any" | "all"): SampleTable => {
  const rare = op === "any" ? 0.02 : 0.98;
  const small = [0, -0, 1e-40, -1e-40, Number.NaN, 0, 1, -1];
  const special = (name: string, values: readonly number[]) =>
    row(op, name, (d) => ({
      inputs: [d.fill([values.length, 3], (_, i) => (i % 3 === 1 ? values[Math.floor(i / 3)] : op === "any" ? 0 : 2))],
      attrs: { axes: [1], keepdim: false },
    }));
  return reduceTable(
    op,
    (d, s) => d.zerosAndOnes(s, rare),
    {},
    {
      extra: empty,
      rows: [special("zeros, subnormals and NaN", small)],
    },
  );
};
