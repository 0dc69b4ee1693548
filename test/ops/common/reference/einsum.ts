/** Sums of products by an equation, over every value of every letter. The letters of "..." are digits here. */
import { type Attrs, eachIndex, type Ref, type Reference, stridesOf, zeros } from "../ref.ts";

interface Plan {
  readonly output: readonly string[];
  readonly inputs: readonly (readonly string[])[];
  readonly letters: readonly string[];
  readonly sizes: readonly number[];
}

function planOf(equation: string, shapes: readonly (readonly number[])[]): Plan {
  const [left, right] = equation.replaceAll(" ", "").split("->");
  let most = 0;
  const expand = (term: string, rank: number): string[] => {
    const dots = rank - term.replace("...", "").length;
    const hidden = Array.from({ length: term.includes("...") ? dots : 0 }, (_, i) => `${dots - 1 - i}`);
    most = Math.max(most, hidden.length);
    return term.split(/(\.\.\.)/).flatMap((part) => (part === "..." ? hidden : [...part]));
  };
  const inputs = left.split(",").map((term, i) => expand(term, shapes[i].length));
  const hidden = Array.from({ length: most }, (_, i) => `${most - 1 - i}`);
  const all = inputs.flat();
  const once = [...new Set(all)].filter((l) => /[A-Za-z]/.test(l) && all.filter((m) => m === l).length === 1).sort();
  const output =
    right === undefined
      ? [...hidden, ...once]
      : right.split(/(\.\.\.)/).flatMap((part) => (part === "..." ? hidden : [...part]));
  const letters = [...new Set([...output, ...all])];
  const sizes = letters.map((l) => {
    const seen = inputs.flatMap((labels, i) => labels.flatMap((m, d) => (m === l ? [shapes[i][d]] : [])));
    return seen.find((n) => n !== 1) ?? 1;
  });
  return { output, inputs, letters, sizes };
}

/** Calls `visit` with the place in each operand and in the result, for every product of the sum; how many go to a result. */
export function eachTerm(
  equation: string,
  refs: readonly Ref[],
  visit: (places: readonly number[], out: number) => void,
): { shape: number[]; terms: number } {
  const { output, inputs, letters, sizes } = planOf(
    equation,
    refs.map((r) => r.shape),
  );
  const stepsOf = (labels: readonly string[], shape: readonly number[]): number[] => {
    const own = stridesOf(shape);
    return letters.map((l) => labels.reduce((sum, m, d) => sum + (m === l && shape[d] !== 1 ? own[d] : 0), 0));
  };
  const shape = output.map((l) => sizes[letters.indexOf(l)]);
  const steps = inputs.map((labels, i) => stepsOf(labels, refs[i].shape));
  const outSteps = stepsOf(output, shape);
  const at = (index: readonly number[], step: readonly number[]): number =>
    index.reduce((s, v, d) => s + v * step[d], 0);
  eachIndex(sizes, (index) =>
    visit(
      steps.map((s) => at(index, s)),
      at(index, outSteps),
    ),
  );
  return { shape, terms: sizes.slice(output.length).reduce((a, b) => a * b, 1) };
}

const equationOf = (attrs: Attrs): string => String(attrs.equation);

export const einsum: Reference = {
  forward(refs, attrs) {
    const { shape } = eachTerm(equationOf(attrs), refs, () => {});
    const out = zeros(shape);
    eachTerm(equationOf(attrs), refs, (places, o) => {
      out.data[o] += places.reduce((product, p, i) => product * refs[i].data[p], 1);
    });
    return out;
  },
  backward(refs, attrs, gradOut) {
    const grads = refs.map((r) => zeros(r.shape));
    eachTerm(equationOf(attrs), refs, (places, o) => {
      grads.forEach((g, i) => {
        g.data[places[i]] += places.reduce(
          (product, p, j) => (j === i ? product : product * refs[j].data[p]),
          gradOut.data[o],
        );
      });
    });
    return grads;
  },
};
