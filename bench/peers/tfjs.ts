// TensorFlow.js on its WebGPU back end: eager, its only mode there. Data go in and come out as NHWC and HWIO.
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
} from "../workloads.ts";
import { installGpu } from "./gpu.ts";

const adapter = await installGpu();
const [name, backend] = ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-webgpu"];
const tf = await import(name);
await import(backend);
await tf.setBackend("webgpu");
await tf.ready();

// biome-ignore lint/suspicious/noExplicitAny: the library is not installed where types are checked
type T = any;
type Shape4 = readonly [number, number, number, number];

/** Axes of a flat array in another order; order[i] is the old axis that becomes the i-th. */
function transpose(data: Float32Array, shape: Shape4, order: Shape4): Float32Array {
  const strides = [shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1];
  const [a, b, c, d] = order.map((axis) => shape[axis]);
  const [sa, sb, sc, sd] = order.map((axis) => strides[axis]);
  const out = new Float32Array(data.length);
  let at = 0;
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++)
      for (let k = 0; k < c; k++) for (let l = 0; l < d; l++) out[at++] = data[i * sa + j * sb + k * sc + l * sd];
  return out;
}
const toLast: Shape4 = [0, 2, 3, 1];
const toKernel: Shape4 = [2, 3, 1, 0];
const pick = (s: readonly number[], order: Shape4): number[] => order.map((axis) => s[axis]);
const image = (data: Float32Array, s: Shape4): T => tf.tensor4d(transpose(data, s, toLast), pick(s, toLast));
const kernel = (data: Float32Array, s: Shape4): T => tf.tensor4d(transpose(data, s, toKernel), pick(s, toKernel));
const imageBack = async (t: T): Promise<Float32Array> => transpose(await t.data(), t.shape, [0, 3, 1, 2]);
const kernelBack = async (t: T): Promise<Float32Array> => transpose(await t.data(), t.shape, [3, 2, 0, 1]);

/** Waits for a result by reading one number of it: tfjs submits late, so that waiting for its queue waits for nothing. */
async function finished(t: T): Promise<void> {
  const one = t.rank ? t.reshape([-1]).slice([0], [1]) : t.clone();
  await one.data();
  one.dispose();
}

type Back = (t: T) => Promise<Float32Array>;
const flat: Back = (t) => t.data();

function single(
  w: Workload,
  named: Record<string, readonly [tensor: T, back: Back]>,
  dy: T,
  back: Back,
  op: (...x: T[]) => T,
): Prepared {
  const inputs = Object.values(named).map(([t]) => t);
  const call = (): T[] =>
    tf.tidy(() => (w.pass === "fwd" ? [op(...inputs)] : [op(...inputs), ...tf.grads(op)(inputs, dy)]));
  // tf.grads runs the forward itself; the value is asked for only where results are compared.
  const timed = (): T[] => tf.tidy(() => (w.pass === "fwd" ? [op(...inputs)] : tf.grads(op)(inputs, dy)));
  return {
    async run() {
      const results = timed();
      for (const t of results) await finished(t);
      tf.dispose(results);
    },
    async results() {
      const [y, ...grads] = call();
      const data: Record<string, Float32Array> = { y: await back(y) };
      for (const [i, key] of Object.keys(named).entries())
        if (grads[i]) data[`d${key}`] = await named[key][1](grads[i]);
      tf.dispose([y, grads]);
      return data;
    },
    dispose() {
      tf.dispose([inputs, dy]);
    },
  };
}

function steps(optimizer: T, loss: () => T, held: T[]): Prepared {
  const losses: number[] = [];
  const run = async (): Promise<void> => {
    const l = optimizer.minimize(loss, true);
    losses.push((await l.data())[0]);
    l.dispose();
    await finished(held[held.length - 1]); // a weight of the last layer
  };
  return {
    run,
    async results() {
      while (losses.length < comparedSteps) await run();
      return { losses: Float32Array.from(losses.slice(0, comparedSteps)) };
    },
    dispose() {
      tf.dispose(held);
      optimizer.dispose();
    },
  };
}

function unetStep(): Prepared {
  const layers = unetLayers();
  const weights = unetWeights();
  const P: T[] = layers.map(({ w }, k) => ({
    w: tf.variable(kernel(weights[k], w)),
    b: tf.variable(tf.zeros([w[0]])),
  }));
  const { x, y } = unetData();
  const X = image(x, [unet.batch, 1, unet.size, unet.size]);
  const Y = image(y, [unet.batch, unet.outputs, unet.size, unet.size]);
  const net = (): T => {
    let k = 0;
    const conv = (t: T, act = true): T => {
      const p = P[k++];
      const z = tf.conv2d(t, p.w, 1, "same").add(p.b);
      return act ? tf.relu(z) : z;
    };
    const skips: T[] = [];
    let t = X;
    unet.widths.forEach((_, l) => {
      if (l > 0) t = tf.maxPool(t, 2, 2, "valid");
      t = conv(conv(t));
      if (l < unet.widths.length - 1) skips.push(t);
    });
    for (let l = unet.widths.length - 2; l >= 0; l--) {
      const size = unet.size >> l;
      t = conv(conv(tf.concat([tf.image.resizeNearestNeighbor(t, [size, size]), skips[l]], 3)));
    }
    return conv(t, false);
  };
  const held = [X, Y, ...P.flatMap((p) => [p.w, p.b])];
  return steps(tf.train.adam(unet.learningRate), () => tf.mean(tf.squaredDifference(net(), Y)), held);
}

function beetleStep(): Prepared {
  const weights = beetleWeights();
  const convs: T[] = beetle.convs.map((w, k) => ({
    w: tf.variable(kernel(weights.convs[k], w)),
    b: tf.variable(tf.zeros([w[0]])),
  }));
  const dense: T[] = beetle.dense.map((w, k) => ({
    w: tf.variable(tf.tensor2d(weights.dense[k], w)),
    b: tf.variable(tf.zeros([w[1]])),
  }));
  const X = image(draws(beetle.batch * product(beetle.image), 60), [beetle.batch, 1, beetle.image[0], beetle.image[1]]);
  const Y = tf.tensor2d(draws(beetle.batch * 16, 61), [beetle.batch, 16]);
  const net = (): T => {
    let t = X;
    for (const p of convs) t = tf.maxPool(tf.relu(tf.conv2d(t, p.w, 1, "valid").add(p.b)), 2, 2, "valid");
    t = tf.transpose(t, [0, 3, 1, 2]).reshape([beetle.batch, beetle.dense[0][0]]);
    dense.forEach((p, k) => {
      t = tf.matMul(t, p.w).add(p.b);
      if (k < 2) t = tf.relu(t);
    });
    return t;
  };
  const held = [X, Y, ...[...convs, ...dense].flatMap((p) => [p.w, p.b])];
  const optimizer = tf.train.momentum(beetle.learningRate, beetle.momentum, true);
  return steps(optimizer, () => tf.mean(tf.squaredDifference(net(), Y)), held);
}

/** tfjs has no groups: depthwise has a kernel of its own, others are split, convolved and joined. */
function convolution(w: Workload): Prepared | undefined {
  if (w.job.type !== "conv") return undefined;
  const { x, w: weight, dilation, groups } = w.job.size;
  const out = [x[0], weight[0], x[2], x[3]] as const;
  const xs = image(draws(product(x), 1), x);
  const data = draws(product(weight), 2, 0.5);
  const dy = image(draws(product(out), 3), out);
  if (groups > 1 && groups === x[1]) {
    // OIHW with I = 1 -> HW, channel, multiplier.
    const k = tf.tensor4d(transpose(data, weight, [2, 3, 0, 1]), [weight[2], weight[3], weight[0], 1]);
    const back: Back = async (t) => transpose(await t.data(), t.shape, [2, 3, 0, 1]);
    return single(w, { x: [xs, imageBack], w: [k, back] }, dy, imageBack, (a, b) =>
      tf.depthwiseConv2d(a, b, 1, "same"),
    );
  }
  const op = (a: T, b: T): T => {
    if (groups === 1) return tf.conv2d(a, b, 1, "same", "NHWC", dilation);
    const [as, bs] = [tf.split(a, groups, 3), tf.split(b, groups, 3)];
    return tf.concat(
      as.map((t: T, i: number) => tf.conv2d(t, bs[i], 1, "same")),
      3,
    );
  };
  return single(w, { x: [xs, imageBack], w: [kernel(data, weight), kernelBack] }, dy, imageBack, op);
}

export const participant: Participant = {
  mode: "eager",
  adapter,
  async prepare(w) {
    const { job } = w;
    switch (job.type) {
      case "conv":
        return convolution(w);
      case "maxPool": {
        const [n, c, h, wide] = job.shape;
        const out = [n, c, h / 2, wide / 2] as const;
        const x = image(draws(product(job.shape), 1), job.shape);
        return single(w, { x: [x, imageBack] }, image(draws(product(out), 3), out), imageBack, (t) =>
          tf.maxPool(t, 2, 2, "valid"),
        );
      }
      case "softmax": {
        const [n, c, h, wide] = job.shape;
        const rows = [n * c, h * wide];
        const x = tf.tensor2d(draws(product(rows), 1, 3), rows);
        return single(w, { x: [x, flat] }, tf.tensor2d(draws(product(rows), 3), rows), flat, (t) => tf.softmax(t));
      }
      case "batchNorm": {
        const c = job.shape[1];
        const x = image(draws(product(job.shape), 1), job.shape);
        const inputs = {
          x: [x, imageBack],
          scale: [tf.tensor1d(draws(c, 4)), flat],
          shift: [tf.tensor1d(draws(c, 5)), flat],
        } as const;
        const dy = image(draws(product(job.shape), 3), job.shape);
        return single(w, inputs, dy, imageBack, (t, scale, shift) => {
          const { mean, variance } = tf.moments(t, [0, 1, 2]);
          return tf.batchNorm(t, mean, variance, shift, scale, 1e-3);
        });
      }
      case "unet":
        return unetStep();
      case "beetle":
        return beetleStep();
    }
  },
};
