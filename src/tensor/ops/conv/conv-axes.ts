import { ShapeError } from "../../../errors.ts";
import { type Shape, show } from "../../shape.ts";
import { windowsAlong } from "../common/axes.ts";

/** Options of a convolution along any number of axes; padding is [before, after] of each axis, one after the other. @internal */
export interface ConvAxes {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
}

const letters = ["D", "H", "W"];

/** Names of the dimensions of x and of the weights, for messages. @internal */
export const convNames = (axes: number): { x: string[]; w: string[] } => {
  const spatial = axes === 1 ? ["L"] : letters.slice(-axes);
  return { x: ["N", "C", ...spatial], w: ["O", "I", ...(axes === 1 ? ["k"] : spatial.map((s) => `k${s}`))] };
};

/** Shape of the result of a convolution of x [N, C, ...] with w [O, C / groups, ...]; throws ShapeError naming what does not fit. @internal */
export function convShape(op: string, axes: number, inputs: readonly Shape[], a: ConvAxes): Shape {
  const [x, w, bias] = inputs;
  const names = convNames(axes);
  if (x.length !== axes + 2)
    throw new ShapeError(
      `${op}: x is ${show(x)}; it must have ${axes + 2} dimensions [${names.x.join(", ")}] (reshape a single sample to [1, ${names.x.slice(1).join(", ")}])`,
    );
  if (w.length !== axes + 2)
    throw new ShapeError(`${op}: w is ${show(w)}; it must have ${axes + 2} dimensions [${names.w.join(", ")}]`);
  if (!Number.isInteger(a.groups) || a.groups < 1 || w[0] % a.groups !== 0)
    throw new ShapeError(
      `${op}: groups=${a.groups} does not divide O=${w[0]} in ${show(w, names.w)}; choose a divisor`,
    );
  if (x[1] !== w[1] * a.groups)
    throw new ShapeError(
      `${op}: x has C=${x[1]} in ${show(x, names.x)} but w wants I=${w[1]}${a.groups > 1 ? ` x ${a.groups} groups` : ""} in ${show(w, names.w)} (groups=${a.groups}); make them equal`,
    );
  if (bias && (bias.length !== 1 || bias[0] !== w[0]))
    throw new ShapeError(
      `${op}: bias is ${show(bias)}; w has O=${w[0]} in ${show(w, names.w)}, so it must be [${w[0]}]`,
    );
  const out = a.stride.map((s, i) =>
    windowsAlong(x[2 + i], w[2 + i], s, a.padding[2 * i], a.padding[2 * i + 1], a.dilation[i]),
  );
  if (out.some((n) => n < 1))
    throw new ShapeError(
      `${op}: the kernel ${show(w, names.w)} with dilation [${a.dilation.join(", ")}] is larger than ${show(x, names.x)} padded by [${a.padding.join(", ")}]; enlarge x or the padding`,
    );
  return [x[0], w[0], ...out];
}
