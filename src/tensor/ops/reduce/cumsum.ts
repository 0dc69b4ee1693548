import { cumsumAxis } from "../../../kernels/reduce/cumsum.ts";
import { apply, type Op } from "../../apply.ts";
import { normalizeAxes, sizeOf } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";

interface CumsumAttrs {
  readonly axis: number;
}

const run = (x: Tensor, axis: number, reverse: boolean): Tensor => {
  const y = empty(x.device, x.shape, x.dtype, "cumsum");
  if (x.size === 0) return y;
  const rows = {
    outer: sizeOf(x.shape.slice(0, axis)),
    length: x.shape[axis],
    inner: sizeOf(x.shape.slice(axis + 1)),
  };
  cumsumAxis(x.device, { x: x.binding("x"), y: y.binding() }, rows, reverse);
  return y;
};

const cumsumOp: Op<CumsumAttrs> = {
  name: "cumsum",
  shape: ([x]) => x,
  forward: (_, [x], { axis }) => run(x, axis, false),
  // Entry i is in every sum from i on.
  backward: (_, g, { axis }) => [run(g, axis, true)],
};

/** Running sums of x along `axis` (a negative one counts from the end), each with its own entry; shape as x. */
export function cumsum(x: Tensor, axis: number): Tensor {
  return apply(cumsumOp, [x], { axis: normalizeAxes("cumsum", axis, x.rank)[0] });
}
