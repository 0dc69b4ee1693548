import { ShapeError } from "../../../errors.ts";
import { type Shape, show } from "../../shape.ts";

/** What an equation says: the labels of each operand's dimensions and of the result's, and the size of each label. */
export interface Labels {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
  readonly sizes: ReadonlyMap<string, number>;
}

/** One side of "...ij" as labels; "..." becomes those of `dots`, its last `rank` less the letters. */
function spread(term: string, equation: string, rank?: number): { labels: string[]; dots: number } {
  const parts = term.split("...");
  if (parts.length > 2 || /[^A-Za-z]/.test(parts.join("")))
    throw new ShapeError(
      `einsum: "${term}" in "${equation}" must hold letters, a dimension each, and "..." once at most`,
    );
  const letters = parts.join("").length;
  if (rank === undefined) return { labels: [...parts.join("")], dots: parts.length - 1 };
  const dots = parts.length === 2 ? rank - letters : 0;
  if (dots < 0 || letters + dots !== rank)
    throw new ShapeError(
      `einsum: "${term}" in "${equation}" names ${letters} dimensions, and its tensor has ${rank}; name each, or write "..." for those left over`,
    );
  // From the end: those of several operands meet there, as in broadcasting.
  const hidden = Array.from({ length: dots }, (_, i) => `${dots - 1 - i}`);
  return { labels: [...parts[0], ...hidden, ...(parts[1] ?? "")], dots };
}

/** Without "->": the hidden dimensions, then the letters that stand once, in the order of the alphabet. */
function implied(inputs: readonly (readonly string[])[], hidden: readonly string[]): string[] {
  const all = inputs.flat().filter((l) => !hidden.includes(l));
  return [...hidden, ...[...new Set(all)].filter((l) => all.filter((m) => m === l).length === 1).sort()];
}

/** Reads an equation for operands of these shapes. Throws ShapeError that names the term and the label. */
export function readEquation(equation: string, shapes: readonly Shape[]): Labels {
  const sides = equation.replace(/\s/g, "").split("->");
  if (sides.length > 2) throw new ShapeError(`einsum: "${equation}" has more than one "->"`);
  const terms = sides[0].split(",");
  if (terms.length !== shapes.length)
    throw new ShapeError(
      `einsum: "${equation}" has ${terms.length} operands, and ${shapes.length} tensors are given; write a term for each, with commas`,
    );
  const read = terms.map((term, i) => spread(term, equation, shapes[i].length));
  const most = Math.max(...read.map((r) => r.dots));
  const hidden = Array.from({ length: most }, (_, i) => `${most - 1 - i}`);
  const inputs = read.map((r) => r.labels);
  const sizes = new Map<string, number>();
  inputs.forEach((labels, i) => {
    labels.forEach((label, d) => {
      const [size, known] = [shapes[i][d], sizes.get(label)];
      if (known !== undefined && known !== size && known !== 1 && size !== 1)
        throw new ShapeError(
          `einsum: ${/\d/.test(label) ? '"..."' : `"${label}"`} in "${equation}" is ${known} and, in ${show(shapes[i])}, ${size}; make them equal, or one of them 1`,
        );
      if (known === undefined || known === 1) sizes.set(label, size);
    });
  });
  if (sides.length === 1) return { inputs, output: implied(inputs, hidden), sizes };
  const { labels, dots } = spread(sides[1], equation);
  const at = dots ? sides[1].indexOf("...") : 0;
  const output = [...labels.slice(0, at), ...(dots ? hidden : []), ...labels.slice(at)];
  for (const label of output)
    if (!sizes.has(label))
      throw new ShapeError(`einsum: "${label}" of the result stands in no operand of "${equation}"`);
  if (new Set(output).size !== output.length)
    throw new ShapeError(`einsum: the result of "${equation}" names a dimension twice; name each once`);
  return { inputs, output, sizes };
}
