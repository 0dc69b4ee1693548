import type { Binding, Device } from "../../device/index.ts";
import { walkFours } from "../common/grid.ts";
import { part, ranges } from "../elementwise/map.ts";
import { optimizerAdagrad } from "../wgsl/optimizer-adagrad.ts";
import { optimizerAdam } from "../wgsl/optimizer-adam.ts";
import { optimizerRmsprop } from "../wgsl/optimizer-rmsprop.ts";
import { optimizerSgd } from "../wgsl/optimizer-sgd.ts";

/** What every update needs: gradients, the control words, and the weights that change. */
export interface StepBuffers {
  readonly g: Binding;
  readonly control: Binding;
  readonly p: Binding;
}

/** Numbers that may change from step to step: asked for at each run of a recorded step. */
type Live<T> = () => T;

/** Weight decay: l2 goes into the gradient, `decay` is taken from the weight, times lr. */
export interface Decay {
  readonly lr: number;
  readonly l2: number;
  readonly decay: number;
}

export interface SgdNumbers extends Decay {
  readonly momentum: number;
  readonly dampening: number;
  readonly nesterov: boolean;
  /** Lasagne's form: the velocity holds the learning rate. */
  readonly lasagne: boolean;
}

/** One step of SGD on p in place; without momentum `v` is not touched and may be any other buffer. */
export function sgdStep(
  device: Device,
  { g, control, p, v }: StepBuffers & { v: Binding },
  n: number,
  live: Live<SgdNumbers>,
): void {
  const { momentum, nesterov, lasagne } = live();
  const kind = momentum === 0 ? 0 : (nesterov ? 2 : 1) + (lasagne ? 2 : 0);
  const numbers = () => {
    const { lr, momentum, dampening, l2, decay } = live();
    return { lr, momentum, damped: 1 - dampening, l2, keep: 1 - lr * decay };
  };
  for (const { start, length } of ranges(device, n)) {
    const { overrides, groups, dtype, n } = walkFours(device, length);
    const [gp, pp] = [g, p].map((b) => part(b, start, length));
    device.dispatch(
      { shader: optimizerSgd, overrides: { ...overrides, KIND: kind }, dtype },
      { g: gp, control, p: pp, v: kind === 0 ? v : part(v, start, length) },
      () => ({ n, ...numbers() }),
      groups,
    );
  }
}

export interface AdamNumbers extends Decay {
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  /** Which step of this parameter it is, from 1. */
  readonly t: number;
}

/** One step of Adam or AdamW on p in place; m and v are the running moments. */
export function adamStep(
  device: Device,
  { g, control, p, m, v }: StepBuffers & { m: Binding; v: Binding },
  n: number,
  live: Live<AdamNumbers>,
): void {
  const numbers = () => {
    const { lr, beta1, beta2, eps, l2, decay, t } = live();
    const rate = lr / (1 - beta1 ** t);
    const root = Math.sqrt(1 - beta2 ** t);
    return { beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, eps, l2, rate, root, keep: 1 - lr * decay };
  };
  for (const { start, length } of ranges(device, n)) {
    const { overrides, groups, dtype, n } = walkFours(device, length);
    const [gp, pp, mp, vp] = [g, p, m, v].map((b) => part(b, start, length));
    device.dispatch(
      { shader: optimizerAdam, overrides, dtype },
      { g: gp, control, p: pp, m: mp, v: vp },
      () => ({ n, ...numbers() }),
      groups,
    );
  }
}

export interface AdagradNumbers extends Decay {
  /** By how much the rate falls with each step. */
  readonly lrDecay: number;
  readonly eps: number;
  readonly t: number;
}

/** One step of AdaGrad on p in place; s holds the sums of squares. */
export function adagradStep(
  device: Device,
  { g, control, p, s }: StepBuffers & { s: Binding },
  n: number,
  live: Live<AdagradNumbers>,
): void {
  const numbers = () => {
    const { lr, lrDecay, eps, l2, decay, t } = live();
    return { rate: lr / (1 + (t - 1) * lrDecay), eps, l2, keep: 1 - lr * decay };
  };
  for (const { start, length } of ranges(device, n)) {
    const { overrides, groups, dtype, n } = walkFours(device, length);
    const [gp, pp, sp] = [g, p, s].map((b) => part(b, start, length));
    device.dispatch(
      { shader: optimizerAdagrad, overrides, dtype },
      { g: gp, control, p: pp, s: sp },
      () => ({ n, ...numbers() }),
      groups,
    );
  }
}

export interface RmspropNumbers extends Decay {
  readonly alpha: number;
  readonly momentum: number;
  readonly eps: number;
}

/** One step of RMSProp on p in place; without momentum `b`, and without `m` centering, is absent. */
export function rmspropStep(
  device: Device,
  { g, control, p, s, b, m, spare }: StepBuffers & { s: Binding; b?: Binding; m?: Binding; spare: Binding },
  n: number,
  live: Live<RmspropNumbers>,
): void {
  const numbers = () => {
    const { lr, alpha, momentum, eps, l2, decay } = live();
    return { lr, alpha, rest: 1 - alpha, momentum, eps, l2, keep: 1 - lr * decay };
  };
  // Two places that nothing reads stand in for what is absent: writable bindings must not be the same.
  const [nothing, nothingElse] = [part(spare, 0, 64), part(spare, 64, 64)];
  for (const { start, length } of ranges(device, n)) {
    const { overrides, groups, dtype, n } = walkFours(device, length);
    const [gp, pp, sp] = [g, p, s].map((x) => part(x, start, length));
    device.dispatch(
      { shader: optimizerRmsprop, overrides: { ...overrides, CENTERED: m ? 1 : 0, MOVING: b ? 1 : 0 }, dtype },
      {
        g: gp,
        control,
        p: pp,
        s: sp,
        b: b ? part(b, start, length) : nothing,
        m: m ? part(m, start, length) : nothingElse,
      },
      () => ({ n, ...numbers() }),
      groups,
    );
  }
}
