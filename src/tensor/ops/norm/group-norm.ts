import { ConfigError, ShapeError } from "../../../errors.ts";
import { checkOptions } from "../../../options.ts";
import { apply } from "../../apply.ts";
import { type Shape, show, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import {
  type AffineOptions,
  affineInputs,
  affineKeys,
  affineShapes,
  type RowNormAttrs,
  rowNormOp,
} from "./row-norm.ts";

interface GroupNormAttrs extends RowNormAttrs {
  readonly numGroups: number;
}

/** Throws ShapeError unless weight and bias are [C]. @internal */
export const checkChannels = (op: string, shapes: readonly Shape[], attrs: RowNormAttrs): void => {
  const [x] = shapes;
  for (const [name, s] of affineShapes(shapes, attrs))
    if (s.length !== 1 || s[0] !== x[1])
      throw new ShapeError(`${op}: ${name} is ${show(s)} but x ${show(x, "image")} has C=${x[1]}; make it [${x[1]}]`);
};

const groupNormOp = rowNormOp<GroupNormAttrs>(
  "groupNorm",
  (x, { numGroups }) => ({ outer: x[0], groups: numGroups, per: x[1] / numGroups, inner: sizeOf(x.slice(2)) }),
  (shapes, attrs) => {
    const [x] = shapes;
    if (x.length < 2) throw new ShapeError(`groupNorm: x is ${show(x)}; it must be [N, C, ...]`);
    if (x[1] % attrs.numGroups !== 0)
      throw new ShapeError(
        `groupNorm: x ${show(x, "image")} has C=${x[1]} channels, which ${attrs.numGroups} groups do not divide; use a number of groups that does`,
      );
    checkChannels("groupNorm", shapes, attrs);
    return x;
  },
);

/**
 * (x - mean) / sqrt(variance + eps) * weight + bias, with the mean and the biased variance of each sample's groups of
 * C / numGroups neighboring channels of x [N, C, ...]; weight and bias [C], each left out at will (Wu and He, "Group
 * normalization", 2018). Throws ShapeError where the groups do not divide C or shapes differ.
 */
export function groupNorm(x: Tensor, numGroups: number, options: AffineOptions = {}): Tensor {
  checkOptions("groupNorm", options, affineKeys);
  if (!(Number.isInteger(numGroups) && numGroups >= 1))
    throw new ConfigError("numGroups", `groupNorm: numGroups is ${numGroups}; give a whole number of 1 or more`);
  const { inputs, attrs } = affineInputs(x, options);
  return apply(groupNormOp, inputs, { ...attrs, numGroups });
}
