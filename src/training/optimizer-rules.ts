import type { Binding, Device } from "../device/index.ts";
import { adagradStep, adamStep, rmspropStep, type StepBuffers, sgdStep } from "../kernels/optimizer/optimizer-steps.ts";
import type { OptimizerSpec, Resolved } from "./optimizer-spec.ts";

/** What one step needs besides the weights' buffers. */
export interface RuleStep {
  readonly buffers: StepBuffers;
  /** Running moments, in the order of their names. */
  readonly moments: readonly Binding[];
  /** 128 numbers that nothing reads. */
  readonly spare: Binding;
  readonly n: number;
  readonly options: Resolved;
  /** These two are asked for at each run of a recorded step. */
  readonly lr: () => number;
  /** Which step it is for these parameters, from 1. */
  readonly t: () => number;
}

/** What sets one optimizer apart from another. */
export interface Rule {
  /** Names of the running moments, as PyTorch calls them. */
  moments(options: Resolved): readonly string[];
  /** What they begin with. */
  start?(options: Resolved): number;
  step(device: Device, step: RuleStep): void;
}

const decayOf = ({ options: { weightDecay, decoupled }, lr }: RuleStep) => ({
  lr: lr(),
  l2: decoupled ? 0 : weightDecay,
  decay: decoupled ? weightDecay : 0,
});

const adam: Rule = {
  moments: () => ["exp_avg", "exp_avg_sq"],
  step(device, s) {
    const [m, v] = s.moments;
    const [beta1, beta2] = s.options.betas;
    const numbers = () => ({ ...decayOf(s), beta1, beta2, eps: s.options.eps, t: s.t() });
    adamStep(device, { ...s.buffers, m, v }, s.n, numbers);
  },
};

export const rules: Readonly<Record<OptimizerSpec["rule"], Rule>> = {
  sgd: {
    moments: ({ momentum, form }) => (momentum === 0 ? [] : [form === "lasagne" ? "velocity" : "momentum_buffer"]),
    step(device, s) {
      const { momentum, dampening, nesterov, form } = s.options;
      const numbers = () => ({ ...decayOf(s), momentum, dampening, nesterov, lasagne: form === "lasagne" });
      sgdStep(device, { ...s.buffers, v: s.moments[0] ?? s.spare }, s.n, numbers);
    },
  },
  adam,
  adamw: adam,
  adagrad: {
    moments: () => ["sum"],
    start: ({ initialSum }) => initialSum,
    step(device, s) {
      const { lrDecay, eps } = s.options;
      adagradStep(device, { ...s.buffers, s: s.moments[0] }, s.n, () => ({ ...decayOf(s), lrDecay, eps, t: s.t() }));
    },
  },
  rmsprop: {
    moments: ({ momentum, centered }) => [
      "square_avg",
      ...(momentum === 0 ? [] : ["momentum_buffer"]),
      ...(centered ? ["grad_avg"] : []),
    ],
    step(device, step) {
      const { alpha, momentum, eps, centered } = step.options;
      const [s, ...others] = step.moments;
      const m = centered ? others.pop() : undefined;
      const buffers = { ...step.buffers, s, b: others[0], m, spare: step.spare };
      rmspropStep(device, buffers, step.n, () => ({ ...decayOf(step), alpha, momentum, eps }));
    },
  },
};
