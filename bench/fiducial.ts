import { openDevice } from "../src/device/index.ts";
import { Parameter } from "../src/nn/index.ts";
import {
  add,
  batchNorm,
  concat,
  conv2d,
  keep,
  matmul,
  maxPool2d,
  mseLoss,
  noGrad,
  relu,
  reshape,
  softmax,
  type Tensor,
  tensor,
  tidy,
  upsampleNearest2d,
  zeros,
} from "../src/tensor/index.ts";
import { adam, Optimizer, sgd } from "../src/training/index.ts";
import {
  beetle,
  beetleWeights,
  comparedSteps,
  draws,
  type Participant,
  type Prepared,
  product,
  unet,
  unetData,
  unetLayers,
  unetWeights,
  type Workload,
} from "./workloads.ts";

export const device = await openDevice({ adapter: process.env.FIDUCIAL_ADAPTER as "system" | "embedded" | undefined });

const resident = (data: Float32Array, shape: readonly number[]): Tensor => keep(tensor(device, data, shape));

/** One op, forward or with the gradients of `inputs` for a random incoming gradient. */
function single(
  w: Workload,
  named: Record<string, Tensor>,
  constants: readonly Tensor[],
  outShape: readonly number[],
  op: () => Tensor,
): Prepared {
  const inputs = Object.values(named);
  const gradient = w.pass === "fwdbwd";
  if (gradient) for (const t of inputs) t.requireGrad();
  const dy = resident(draws(product(outShape), 3), outShape);
  const once = (): Tensor => {
    if (!gradient) return noGrad(op);
    const y = op();
    y.backward(dy);
    return y;
  };
  const clear = (): void => {
    for (const t of inputs) t.zeroGrad();
  };
  return {
    async run() {
      tidy(() => {
        once();
        clear();
      });
      await device.sync();
    },
    async results() {
      const y = tidy(once);
      const out: Record<string, Float32Array> = { y: await y.data() };
      y.dispose();
      if (gradient) for (const [name, t] of Object.entries(named)) out[`d${name}`] = await t.grad!.data();
      clear();
      return out;
    },
    dispose() {
      for (const t of [...inputs, ...constants, dy]) t.dispose();
    },
  };
}

/** A training step; its first losses are its result. */
function steps(step: () => Tensor, held: readonly { dispose(): void }[]): Prepared {
  const losses: number[] = [];
  const run = async (): Promise<void> => {
    const loss = tidy(step);
    losses.push(await loss.item());
    loss.dispose();
  };
  return {
    run,
    async results() {
      while (losses.length < comparedSteps) await run();
      return { losses: Float32Array.from(losses.slice(0, comparedSteps)) };
    },
    dispose() {
      for (const t of held) t.dispose();
    },
  };
}

function parametersOf(lists: readonly [Float32Array, readonly number[]][]): Map<string, Parameter> {
  return new Map(
    lists.map(([data, shape], i) => {
      const p = new Parameter(shape, () => data);
      p.set(device, data);
      return [`p${i}`, p];
    }),
  );
}

function unetStep(): Prepared {
  const layers = unetLayers();
  const weights = unetWeights();
  const parameters = parametersOf(
    layers.flatMap(({ w }, k): [Float32Array, readonly number[]][] => [
      [weights[k], w],
      [new Float32Array(w[0]), [w[0]]],
    ]),
  );
  const list = [...parameters.values()];
  const optimizer = new Optimizer(adam({ lr: unet.learningRate, eps: 1e-7 }), parameters);
  const { x, y } = unetData();
  const X = resident(x, [unet.batch, 1, unet.size, unet.size]);
  const Y = resident(y, [unet.batch, unet.outputs, unet.size, unet.size]);
  const forward = (): Tensor => {
    let k = 0;
    const conv = (t: Tensor, act = true): Tensor => {
      const z = conv2d(t, list[2 * k].value, { bias: list[2 * k + 1].value, padding: layers[k].w[2] >> 1 });
      k++;
      return act ? relu(z) : z;
    };
    const skips: Tensor[] = [];
    let t = X;
    unet.widths.forEach((_, l) => {
      if (l > 0) t = maxPool2d(t, { kernelSize: 2 });
      t = conv(conv(t));
      if (l < unet.widths.length - 1) skips.push(t);
    });
    for (let l = unet.widths.length - 2; l >= 0; l--) {
      const size = unet.size >> l;
      t = conv(conv(concat([upsampleNearest2d(t, { size: [size, size] }), skips[l]], 1)));
    }
    return conv(t, false);
  };
  const step = (): Tensor => {
    const loss = mseLoss(forward(), Y);
    loss.backward();
    optimizer.step();
    optimizer.zeroGrad();
    return loss;
  };
  return steps(step, [X, Y, optimizer, ...list.map((p) => p.value)]);
}

function beetleStep(): Prepared {
  const weights = beetleWeights();
  const parameters = parametersOf([
    ...beetle.convs.flatMap((w, k): [Float32Array, readonly number[]][] => [
      [weights.convs[k], w],
      [new Float32Array(w[0]), [w[0]]],
    ]),
    ...beetle.dense.flatMap(([i, o], k): [Float32Array, readonly number[]][] => [
      [weights.dense[k], [i, o]],
      [new Float32Array(o), [o]],
    ]),
  ]);
  const p = [...parameters.values()];
  const optimizer = new Optimizer(
    sgd({ lr: beetle.learningRate, momentum: beetle.momentum, nesterov: true }),
    parameters,
  );
  const X = resident(draws(beetle.batch * product(beetle.image), 60), [beetle.batch, 1, ...beetle.image]);
  const Y = resident(draws(beetle.batch * 16, 61), [beetle.batch, 16]);
  const step = (): Tensor => {
    let t = X;
    let k = 0;
    for (; k < 6; k += 2) t = maxPool2d(relu(conv2d(t, p[k].value, { bias: p[k + 1].value })), { kernelSize: 2 });
    t = reshape(t, [beetle.batch, beetle.dense[0][0]]);
    for (; k < 12; k += 2) {
      t = add(matmul(t, p[k].value), p[k + 1].value);
      if (k < 10) t = relu(t);
    }
    const loss = mseLoss(t, Y);
    loss.backward();
    optimizer.step();
    optimizer.zeroGrad();
    return loss;
  };
  return steps(step, [X, Y, optimizer, ...p.map((q) => q.value)]);
}

/** Notes which variants the kernels choose while results are worked out. */
function noting(prepared: Prepared): Prepared {
  const seen = new Set<string>();
  return {
    ...prepared,
    async results() {
      device.tuner.observer = ({ name, variant }) => seen.add(`${name.split(" ").slice(0, 2).join(" ")} ${variant}`);
      try {
        return await prepared.results();
      } finally {
        device.tuner.observer = undefined;
      }
    },
    variants: () => [...seen],
  };
}

export const participant: Participant = {
  mode: "eager",
  adapter: `${device.info.description} (${device.info.kind})`,
  prepare: async (w) => noting(prepared(w)),
};

function prepared(w: Workload): Prepared {
  const { job } = w;
  switch (job.type) {
    case "conv": {
      const { size } = job;
      const x = resident(draws(product(size.x), 1), size.x);
      const weight = resident(draws(product(size.w), 2, 0.5), size.w);
      const options = { padding: size.padding, dilation: size.dilation, groups: size.groups };
      const out = [size.x[0], size.w[0], size.x[2], size.x[3]];
      return single(w, { x, w: weight }, [], out, () => conv2d(x, weight, options));
    }
    case "maxPool": {
      const [n, c, h, wide] = job.shape;
      const x = resident(draws(product(job.shape), 1), job.shape);
      return single(w, { x }, [], [n, c, h / 2, wide / 2], () => maxPool2d(x, { kernelSize: 2 }));
    }
    case "softmax": {
      const x = resident(draws(product(job.shape), 1, 3), job.shape);
      return single(w, { x }, [], job.shape, () => softmax(x, [2, 3]));
    }
    case "batchNorm": {
      const c = job.shape[1];
      const x = resident(draws(product(job.shape), 1), job.shape);
      const scale = resident(draws(c, 4), [c]);
      const shift = resident(draws(c, 5), [c]);
      const running = [keep(zeros(device, [c])), keep(zeros(device, [c]))];
      return single(w, { x, scale, shift }, running, job.shape, () =>
        batchNorm(x, {
          weight: scale,
          bias: shift,
          runningMean: running[0],
          runningVar: running[1],
          training: true,
          eps: 1e-3,
        }),
      );
    }
    case "unet":
      return unetStep();
    case "beetle":
      return beetleStep();
  }
}
