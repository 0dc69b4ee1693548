import { bilinearForward, bilinearInputGrad } from "../../../kernels/resample/upsample-bilinear2d.ts";
import { checkOptions } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { empty, type Tensor } from "../../tensor.ts";
import type { Pair } from "../common/axes.ts";
import { type AlignOptions, alignedResampleKeys, type ResampleOptions, targetSize } from "./target-size.ts";
import { resampleDims, resampledShape, type SizeAttrs } from "./upsample-nearest2d.ts";

interface BilinearAttrs extends SizeAttrs {
  readonly align_corners: boolean;
}

const bilinearOp: Op<BilinearAttrs> = {
  name: "upsampleBilinear2d",
  shape: ([x], attrs) => resampledShape("upsampleBilinear2d", x, attrs),
  forward(ctx, [x], { align_corners }) {
    const y = ctx.empty();
    const dims = { ...resampleDims(x.shape, ctx.shape), alignCorners: align_corners };
    bilinearForward(ctx.device, { x: x.binding("x"), y: y.binding() }, dims);
    return y;
  },
  backward(ctx, g, { align_corners }) {
    const [x] = ctx.inputShapes;
    const dx = empty(ctx.device, x, "f32", "upsampleBilinear2d's gradient");
    bilinearInputGrad(
      ctx.device,
      { g: g.binding(), inputGrad: dx.binding() },
      { ...resampleDims(x, g.shape), alignCorners: align_corners },
    );
    return [dx];
  },
};

/**
 * [N, C, H, W] -> [N, C, h, w], up or down, without smoothing first. With `alignCorners` the corner pixels keep their place:
 * source = target * (in - 1) / (out - 1); else the image's edges do: source = (target + 1/2) * in / out - 1/2, held inside.
 */
export const upsampleBilinear2d = (x: Tensor, options: ResampleOptions<Pair> & AlignOptions): Tensor => {
  const { alignCorners = false, ...rest } = checkOptions("upsampleBilinear2d", options, alignedResampleKeys);
  return apply(bilinearOp, [x], {
    size: targetSize("upsampleBilinear2d", x.shape, 2, rest),
    align_corners: alignCorners,
  });
};
