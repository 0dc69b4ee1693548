import { ConfigError, ShapeError } from "../../../errors.ts";
import { type PadBlock, type PadMode, padForward, padInputGrad } from "../../../kernels/layout/pad-mode.ts";
import { apply, type Op } from "../../apply.ts";
import { type Shape, show, sizeOf } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";

type Pads = readonly (readonly [before: number, after: number])[];

interface PadModeAttrs {
  readonly pads: Pads;
  readonly mode: PadMode;
}

/** One pass: the tensor before it, the tensor after it, and the axes between. */
interface Pass {
  readonly from: Shape;
  readonly to: Shape;
  readonly block: PadBlock;
}

/** Passes over three neighboring axes each, outermost first; an image or a volume takes one. */
function passes(shape: Shape, pads: Pads): Pass[] {
  const out: Pass[] = [];
  let from = shape;
  for (let axis = 0; axis < shape.length; axis++) {
    if (pads[axis][0] + pads[axis][1] === 0) continue;
    const axes = [axis, axis + 1, axis + 2].filter((d) => d < shape.length);
    const three = (of: (axis: number) => number, missing: number): [number, number, number] => [
      axes.length > 2 ? of(axes[0]) : missing,
      axes.length > 1 ? of(axes[axes.length - 2]) : missing,
      of(axes[axes.length - 1]),
    ];
    const to = from.map((n, d) => (axes.includes(d) ? n + pads[d][0] + pads[d][1] : n));
    out.push({
      from,
      to,
      block: {
        outer: sizeOf(from.slice(0, axis)),
        sizes: three((d) => shape[d], 1),
        before: three((d) => pads[d][0], 0),
        after: three((d) => pads[d][1], 0),
        inner: sizeOf(from.slice(axis + axes.length)),
      },
    });
    from = to;
    axis += axes.length - 1;
  }
  return out;
}

const padModeOp: Op<PadModeAttrs> = {
  name: "pad",
  shape([x], { pads, mode }) {
    if (pads.length !== x.length || pads.flat().some((p) => !Number.isInteger(p) || p < 0))
      throw new ShapeError(
        `pad: ${JSON.stringify(pads)} must hold [before, after], both 0 or more, for each of the ${x.length} dimensions of ${show(x)}`,
      );
    return x.map((n, d) => {
      const [before, after] = pads[d];
      if (mode === "reflect" && Math.max(before, after) > Math.max(0, n - 1))
        throw new ShapeError(
          `pad: mode "reflect" cannot add [${before}, ${after}] to dimension ${d} of ${show(x)}, which has ${n} entries; use less than ${n}, or mode "replicate"`,
        );
      if (n === 0 && before + after > 0)
        throw new ShapeError(
          `pad: mode "replicate" cannot add [${before}, ${after}] to dimension ${d} of ${show(x)}, which has no entry to repeat; use mode "constant"`,
        );
      return n + before + after;
    });
  },
  forward(ctx, [x], { pads, mode }) {
    let y = x;
    for (const { to, block } of passes(x.shape, pads)) {
      const next = empty(ctx.device, to, x.dtype, "pad");
      padForward(ctx.device, mode, { x: y.binding("x"), y: next.binding() }, block);
      if (y !== x) y.dispose();
      y = next;
    }
    return y === x ? x.alias() : y;
  },
  backward(ctx, g, { pads, mode }) {
    let dx = g;
    for (const { from, block } of passes(ctx.inputShapes[0], pads).reverse()) {
      const next = empty(ctx.device, from, "f32", "pad's gradient");
      padInputGrad(ctx.device, mode, { g: dx.binding("grad"), inputGrad: next.binding() }, block);
      if (dx !== g) dx.dispose();
      dx = next;
    }
    return [dx === g ? g.alias() : dx];
  },
};

/** @internal */
export function padBy(x: Tensor, pads: Pads, mode: string): Tensor {
  if (mode !== "reflect" && mode !== "replicate")
    throw new ConfigError("mode", `pad: mode is "${mode}"; use "constant", "reflect" or "replicate"`);
  return apply(padModeOp, [x], { pads, mode });
}
