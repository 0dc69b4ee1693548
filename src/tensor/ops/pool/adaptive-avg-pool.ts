import { ShapeError } from "../../../errors.ts";
import {
  type AdaptiveDims,
  adaptiveAvgForward,
  adaptiveAvgInputGrad,
} from "../../../kernels/pool/adaptive-avg-pool.ts";
import { apply, type Op } from "../../apply.ts";
import { type Shape, show, sizeOf } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";
import { type Pair, pair, type Triple, triple } from "../common/axes.ts";
import { mapBroadcastNew } from "../elementwise/map.ts";
import { checkImage, checkVolume } from "./window.ts";

interface AdaptiveAttrs {
  readonly size: readonly number[];
}

const last3 = (shape: Shape): [number, number, number] => [
  shape.length === 4 ? 1 : shape[2],
  shape.at(-2)!,
  shape.at(-1)!,
];

const dims = (x: Shape, y: Shape): AdaptiveDims => ({ planes: x[0] * x[1], size: last3(x), out: last3(y) });

const adaptiveOp = (name: string, check: (op: string, x: Shape) => void): Op<AdaptiveAttrs> => ({
  name,
  shape([x], { size }) {
    check(name, x);
    if (x.slice(2).includes(0))
      throw new ShapeError(
        `${name}: x ${show(x, "image")} has nothing to average; each size after C must be at least 1`,
      );
    return [x[0], x[1], ...size];
  },
  forward(ctx, [x]) {
    const y = ctx.empty();
    adaptiveAvgForward(ctx.device, { x: x.binding("x"), y: y.binding() }, dims(x.shape, ctx.shape));
    return y;
  },
  backward(ctx, g) {
    const [x] = ctx.inputShapes;
    // One mean a plane: every input has the same share.
    if (g.shape.slice(2).every((n) => n === 1)) return [mapBroadcastNew("a * p0", [g], x, [1 / sizeOf(x.slice(2)), 0])];
    const dx = empty(ctx.device, x, "f32", `${name}'s gradient`);
    adaptiveAvgInputGrad(ctx.device, { g: g.binding(), inputGrad: dx.binding() }, dims(x, g.shape));
    return [dx];
  },
});

const op2d = adaptiveOp("adaptiveAvgPool2d", checkImage);
const op3d = adaptiveOp("adaptiveAvgPool3d", checkVolume);

/**
 * [N, C, H, W] -> [N, C, h, w], whatever H and W: along each axis target t is the mean of the inputs from
 * floor(t * in / out) to the ceiling of (t + 1) * in / out, PyTorch's rule; neighboring cells may share an input.
 */
export const adaptiveAvgPool2d = (x: Tensor, outputSize: Pair): Tensor =>
  apply(op2d, [x], { size: pair("adaptiveAvgPool2d", "outputSize", outputSize, 1) });

/** `adaptiveAvgPool2d` with one axis more: [N, C, D, H, W] -> [N, C, d, h, w]. */
export const adaptiveAvgPool3d = (x: Tensor, outputSize: Triple): Tensor =>
  apply(op3d, [x], { size: triple("adaptiveAvgPool3d", "outputSize", outputSize, 1) });
