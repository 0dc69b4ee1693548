import { ConfigError, ShapeError } from "../../../errors.ts";
import { oneHotKernel } from "../../../kernels/index/indexing.ts";
import { apply, type Op } from "../../apply.ts";
import { tidy } from "../../scope.ts";
import { show } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { expectDType } from "../common/dtype.ts";
import { reshape } from "../layout/layout.ts";
import { indexSelect } from "./gather.ts";
import { type Indices, withIndices } from "./indices.ts";

const oneHotOp: Op<{ classes: number }> = {
  name: "oneHot",
  takes: "own",
  shape: ([index], { classes }) => [...index, classes],
  forward(ctx, [index], { classes }) {
    const y = ctx.empty();
    oneHotKernel(ctx.device, { index: index.binding("index"), y: y.binding() }, index.size, classes);
    return y;
  },
};

/**
 * Integers of any shape -> that shape and [numClasses]: 1 at the integer's place, 0 elsewhere, as f32. An integer outside 0 to
 * numClasses - 1 gives a row of NaN. No gradient.
 */
export function oneHot(index: Tensor, numClasses: number): Tensor {
  if (!Number.isInteger(numClasses) || numClasses < 1)
    throw new ConfigError("numClasses", `oneHot: numClasses is ${numClasses}; give a whole number of 1 or more`);
  expectDType("oneHot", "index", index, "i32", "u32");
  return apply(oneHotOp, [index], { classes: numClasses });
}

/**
 * Rows of `weight` [V, D] by integers of any shape -> that shape and [D] (torch.nn.functional.embedding). Integers from the host
 * are checked and refused with ShapeError; one in a tensor that is outside 0 to V - 1 gives a row of NaN, and a gradient of
 * NaN for the weight. The gradient adds the rows up in a fixed order.
 */
export function embedding(index: Indices, weight: Tensor): Tensor {
  expectDType("embedding", "weight", weight, "f32", "f16");
  if (weight.rank !== 2)
    throw new ShapeError(`embedding: weight is ${show(weight.shape)}; it must be [V, D], a row for each integer`);
  const [v, d] = weight.shape;
  return withIndices("embedding", index, v, `weight ${show(weight.shape, ["V", "D"])}`, weight, (t) =>
    tidy(() => reshape(indexSelect(weight, 0, t.alias([t.size])), [...t.shape, d])),
  );
}
