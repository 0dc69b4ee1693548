import { ShapeError } from "../../../errors.ts";
import { checkOptions } from "../../../options.ts";
import { apply } from "../../apply.ts";
import { type Shape, sameShape, show, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import {
  type AffineOptions,
  affineInputs,
  affineKeys,
  affineShapes,
  type RowNormAttrs,
  rowNormOp,
} from "./row-norm.ts";

interface LayerNormAttrs extends RowNormAttrs {
  readonly normalizedShape: Shape;
}

const layerNormOp = rowNormOp<LayerNormAttrs>(
  "layerNorm",
  (x, { normalizedShape }) => {
    const per = sizeOf(normalizedShape);
    return { outer: sizeOf(x.slice(0, x.length - normalizedShape.length)), groups: 1, per, inner: 1 };
  },
  (shapes, attrs) => {
    const [x] = shapes;
    const { normalizedShape: wanted } = attrs;
    if (wanted.length === 0 || !sameShape(x.slice(-wanted.length), wanted))
      throw new ShapeError(
        `layerNorm: x is ${show(x)} but normalizedShape is ${show(wanted)}; give the sizes of its last dimensions`,
      );
    for (const [name, s] of affineShapes(shapes, attrs))
      if (!sameShape(s, wanted))
        throw new ShapeError(
          `layerNorm: ${name} is ${show(s)} but normalizedShape is ${show(wanted)}; make them equal`,
        );
    return x;
  },
);

/**
 * (x - mean) / sqrt(variance + eps) * weight + bias, with the mean and the biased variance over the last dimensions of x, whose
 * sizes are `normalizedShape` (a number for the last one alone); weight and bias of that shape, each left out at will (Ba,
 * Kiros, Hinton, "Layer normalization", 2016). Throws ShapeError where shapes differ.
 */
export function layerNorm(x: Tensor, normalizedShape: number | Shape, options: AffineOptions = {}): Tensor {
  checkOptions("layerNorm", options, affineKeys);
  const { inputs, attrs } = affineInputs(x, options);
  const shape = typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;
  return apply(layerNormOp, inputs, { ...attrs, normalizedShape: shape });
}
