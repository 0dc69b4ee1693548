import { NameError } from "../errors.ts";
import { methodNames } from "./methods.ts";
import { Tensor } from "./tensor.ts";

/**
 * Names that PyTorch's or numpy's users try first and that are spelled otherwise here, with what to write instead. They are no
 * part of the types; read at run time, each throws NameError.
 */
const instead: Readonly<Record<string, string>> = {
  ndim: "x.rank",
  dim: "x.rank",
  numel: "x.size, the number of elements, or x.shape",
  T: "transpose(x)",
  mT: "transpose(x)",
  t: "transpose(x)",
  view: "reshape(x, shape), which shares memory",
  expand: "broadcastTo(x, shape)",
  tile: "repeat(x, repeats)",
  cat: "concat([x, y], axis)",
  concat: "concat([x, y], axis)",
  stack: "stack([x, y], axis)",
  chunk: "split(x, sizes, axis)",
  contiguous: "x itself: every tensor is contiguous",
  clip: "clamp(x, min, max)",
  where: "where(condition, x, y)",
  masked_fill: "where(mask, value, x)",
  var: "variance(x, axis)",
  amax: "max(x, axis)",
  amin: "min(x, axis)",
  matmul: "matmul(x, y)",
  mm: "matmul(x, y)",
  bmm: "matmul(x, y)",
  dot: "dot(x, y)",
  outer: "outer(x, y)",
  argsort: "sort(x, axis).indices",
  gather: "gather(x, axis, index)",
  index_select: "indexSelect(x, axis, index)",
  scatter_add: "scatterAdd(x, axis, index, source)",
  type: "x.to(dtype)",
  float: 'x.to("f32")',
  half: 'x.to("f16")',
  int: 'x.to("i32")',
  cpu: "await x.data()",
  cuda: "tensor(device, data, shape): the device comes first",
  numpy: "await x.data()",
  tolist: "[...(await x.data())]",
  requires_grad: "x.requireGrad() to ask for a gradient, x.requiresGrad to read",
  requires_grad_: "x.requireGrad()",
  zero_: "x.write(new Float32Array(x.size))",
  fill_: "x.write(new Float32Array(x.size).fill(value))",
  copy_: "x.write(data)",
  add_: "x = add(x, y): ops make new tensors",
  sub_: "x = sub(x, y): ops make new tensors",
  mul_: "x = mul(x, y): ops make new tensors",
  div_: "x = div(x, y): ops make new tensors",
};

/** Indices after a bracket: x[0] is undefined for JavaScript else. */
const indices = [-1, 0, 1, 2, 3].map((i) => [`${i}`, `x.at(${i}), or slice(x, starts, ends)`]);

const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
const spelled = methodNames.filter((name) => snake(name) !== name).map((name) => [snake(name), `x.${name}(...)`]);

for (const [name, cure] of [...spelled, ...Object.entries(instead), ...indices]) {
  const refuse = (): never => {
    throw new NameError(`Tensor has no ${/^-?\d/.test(name) ? `[${name}]` : `"${name}"`}; write ${cure}`);
  };
  Object.defineProperty(Tensor.prototype, name, { get: refuse, set: refuse, configurable: true });
}
