import * as T from "../../src/tensor/index.ts";

type Run = (x: T.Tensor[], attrs: Record<string, unknown>) => T.Tensor;
// biome-ignore lint/suspicious/noExplicitAny: attributes come from files and are checked by the ops themselves
type A = any;

const unary = (f: (x: T.Tensor) => T.Tensor): Run => ([x]) => f(x);
const binary = (f: (a: T.Tensor, b: T.Tensor) => T.Tensor): Run => ([a, b]) => f(a, b);
const reduction = (f: (x: T.Tensor, axes: number[], keepdim: boolean) => T.Tensor): Run => ([x], a) => f(x, a.axes as number[], a.keepdim as boolean);

/** How a parity case or a sample calls each op; the completeness test holds it against what the package exports. */
export const opTable: Record<string, Run> = {
  neg: unary(T.neg),
  abs: unary(T.abs),
  square: unary(T.square),
  exp: unary(T.exp),
  log: unary(T.log),
  sqrt: unary(T.sqrt),
  sigmoid: unary(T.sigmoid),
  tanh: unary(T.tanh),
  relu: unary(T.relu),
  silu: unary(T.silu),
  softplus: unary(T.softplus),
  leaky_relu: ([x], a: A) => T.leakyRelu(x, a.negative_slope),
  clamp: ([x], a: A) => T.clamp(x, a.min ?? -3.4e38, a.max ?? 3.4e38),
  add: binary(T.add),
  sub: binary(T.sub),
  mul: binary(T.mul),
  div: binary(T.div),
  pow: binary(T.pow),
  maximum: binary(T.maximum),
  minimum: binary(T.minimum),
  sum: reduction(T.sum),
  mean: reduction(T.mean),
  max: reduction(T.max),
  min: reduction(T.min),
  variance: ([x], a: A) => T.variance(x, a.axes, { keepdim: a.keepdim, correction: a.correction }),
  matmul: ([x, w], a: A) => T.matmul(x, w, { transposeA: a.transpose_a, transposeB: a.transpose_b }),
  reshape: ([x], a: A) => T.reshape(x, a.shape),
  permute: ([x], a: A) => T.permute(x, a.perm),
  slice: ([x], a: A) => T.slice(x, a.starts, a.ends),
  concat: (xs, a: A) => T.concat(xs, a.axis),
  pad: ([x], a: A) => T.pad(x, a.pads, a.value),
  conv2d: ([x, w, bias], a: A) => T.conv2d(x, w, { bias, ...a }),
};
