import { backward } from "./backward.ts";
import * as elementwise from "./ops/elementwise/elementwise.ts";
import * as layout from "./ops/layout/layout.ts";
import { matmul } from "./ops/matmul/matmul.ts";
import * as reduce from "./ops/reduce/reduce.ts";
import type { Shape } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** Ops that read well in a chain. All ops are functions as well; bundlers drop those that are not used. */
declare module "./tensor.ts" {
  interface Tensor {
    add(other: Tensor | number): Tensor;
    sub(other: Tensor | number): Tensor;
    mul(other: Tensor | number): Tensor;
    div(other: Tensor | number): Tensor;
    neg(): Tensor;
    square(): Tensor;
    sum(axes?: readonly number[], keepdim?: boolean): Tensor;
    mean(axes?: readonly number[], keepdim?: boolean): Tensor;
    max(axes?: readonly number[], keepdim?: boolean): Tensor;
    min(axes?: readonly number[], keepdim?: boolean): Tensor;
    matmul(other: Tensor): Tensor;
    reshape(shape: Shape): Tensor;
    permute(perm: readonly number[]): Tensor;
    slice(starts: readonly number[], ends: readonly number[]): Tensor;
    /** Fills `grad` of every tensor marked by `requireGrad()` that this one came from. */
    backward(gradient?: Tensor): void;
  }
}

Object.assign(Tensor.prototype, {
  add(this: Tensor, o: Tensor | number) {
    return elementwise.add(this, o);
  },
  sub(this: Tensor, o: Tensor | number) {
    return elementwise.sub(this, o);
  },
  mul(this: Tensor, o: Tensor | number) {
    return elementwise.mul(this, o);
  },
  div(this: Tensor, o: Tensor | number) {
    return elementwise.div(this, o);
  },
  neg(this: Tensor) {
    return elementwise.neg(this);
  },
  square(this: Tensor) {
    return elementwise.square(this);
  },
  sum(this: Tensor, axes?: readonly number[], keepdim?: boolean) {
    return reduce.sum(this, axes, keepdim);
  },
  mean(this: Tensor, axes?: readonly number[], keepdim?: boolean) {
    return reduce.mean(this, axes, keepdim);
  },
  max(this: Tensor, axes?: readonly number[], keepdim?: boolean) {
    return reduce.max(this, axes, keepdim);
  },
  min(this: Tensor, axes?: readonly number[], keepdim?: boolean) {
    return reduce.min(this, axes, keepdim);
  },
  matmul(this: Tensor, o: Tensor) {
    return matmul(this, o);
  },
  reshape(this: Tensor, shape: Shape) {
    return layout.reshape(this, shape);
  },
  permute(this: Tensor, perm: readonly number[]) {
    return layout.permute(this, perm);
  },
  slice(this: Tensor, starts: readonly number[], ends: readonly number[]) {
    return layout.slice(this, starts, ends);
  },
  backward(this: Tensor, gradient?: Tensor) {
    backward(this, gradient);
  },
});
