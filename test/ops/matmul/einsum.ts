import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { eachTerm, einsum } from "../common/reference/einsum.ts";
import { refused, row, show } from "../common/sample.ts";
import { peak } from "../common/tolerance/sums.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

type Shape = readonly number[];

const tolerance: ToleranceRule = {
  // Sums of K products of all operands; one operand is summed alone.
  forward({ inputs, attrs, u }) {
    const { terms } = eachTerm(attrs.equation as string, inputs, () => {});
    return u * Math.sqrt(Math.max(1, terms) * inputs.length) * inputs.reduce((p, x) => p * peak(x), 1);
  },
  // Each product goes once to the operand; how many meet at an entry is the same for all of them but on a diagonal.
  grad({ inputs, input, attrs, gradOut, want, u }) {
    const count = new Float64Array(want.data.length);
    eachTerm(attrs.equation as string, inputs, (places) => {
      count[places[input]]++;
    });
    const others = inputs.reduce((p, x, i) => (i === input ? p : p * peak(x)), 1);
    return count.map((k) => u * Math.sqrt(k * inputs.length) * peak(gradOut) * others);
  },
};

const cases: readonly (readonly [equation: string, ...shapes: Shape[]])[] = [
  ["ij,jk->ik", [3, 5], [5, 7]],
  ["ij,jk", [17, 13], [13, 11]],
  ["ij,kj->ki", [3, 5], [7, 5]],
  ["bij,bjk->bik", [2, 3, 5], [2, 5, 4]],
  ["bhqd,bhkd->bhqk", [2, 3, 5, 4], [2, 3, 6, 4]],
  ["i,i->", [31], [31]],
  ["i,j->ij", [7], [5]],
  ["i,i->i", [13], [13]],
  ["bi,bi->b", [5, 7], [5, 7]],
  ["ij,ij->ij", [3, 5], [3, 5]],
  ["ij->ji", [3, 5]],
  ["ij->", [3, 5]],
  ["ij->j", [13, 5]],
  ["ij->ij", [3, 5]],
  ["ii", [5, 5]],
  ["ii->i", [7, 7]],
  ["bii->b", [2, 4, 4]],
  ["iij,j->i", [3, 3, 5], [5]],
  ["ij,jk,kl->il", [2, 3], [3, 4], [4, 5]],
  ["ij,ik,il->ijkl", [2, 3], [2, 4], [2, 5]],
  ["i,ij,j->", [3], [3, 5], [5]],
  ["...ij,...jk->...ik", [2, 3, 4, 5], [3, 5, 2]],
  ["...i,...i->...", [2, 3, 5], [2, 3, 5]],
  ["...ij->...ji", [2, 3, 5]],
  ["i...,j...->ij...", [3, 4], [2, 4]],
  ["...,...", [2, 3], [3]],
  ["ij,jk->ik", [3, 1], [5, 7]],
  ["ij,ij->i", [3, 5], [1, 5]],
  ["ij,k->i", [3, 5], [4]],
  ["i,->i", [7], []],
  ["ba,ca", [3, 5], [4, 5]],
  ["aBc,cBd->Bad", [2, 3, 4], [4, 3, 5]],
  ["ij,jk->ik", [67, 71], [71, 65]],
  ["ij,jk->ik", [0, 3], [3, 2]],
  ["ij,jk->ik", [2, 0], [0, 3]],
];

export const op: OpTest = {
  name: "einsum",
  call: (inputs, a) => T.einsum(a.equation, ...inputs),
  reference: einsum,
  samples: {
    rows: cases.map(([equation, ...shapes]) =>
      row("einsum", `${equation} ${shapes.map(show).join(" ")}`, (d) => ({
        inputs: shapes.map((s) => d.uniform(s)),
        attrs: { equation },
      })),
    ),
    errors: [
      refused(
        "sizes that differ",
        [
          [2, 3],
          [4, 5],
        ],
        { equation: "ij,jk->ik" },
        "einsum",
        '"j"',
        "3",
        "[4, 5]",
      ),
      refused("too few tensors", [[2, 3]], { equation: "ij,jk" }, "einsum", "2 operands", "1 tensor"),
      refused("too few letters", [[2, 3, 4]], { equation: "ij->i" }, "einsum", '"ij"', "2 dimensions", "3"),
      refused("more letters than dimensions", [[2]], { equation: "...ij->i" }, "einsum", '"...ij"', "has 1"),
      refused("a letter from nowhere", [[2, 3]], { equation: "ij->ik" }, "einsum", '"k"'),
      refused("a letter twice in the result", [[2, 3]], { equation: "ij->ii" }, "einsum", "twice"),
      refused("no letter", [[2, 3]], { equation: "i1->i" }, "einsum", '"i1"', "letters"),
      refused("two arrows", [[2, 3]], { equation: "ij->i->j" }, "einsum", "more than one"),
      refused("dots in the result alone", [[2, 3]], { equation: "ij->...ij,k" }, "einsum", "letters"),
    ],
  },
  tolerance,
};
