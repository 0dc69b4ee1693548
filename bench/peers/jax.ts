// jax-js: everything under jit, which fuses and is its fastest mode. Shapes are NCHW and OIHW, as its convolution takes them.
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
const name = "@jax-js/jax";
const jax = await import(name);
await jax.init("webgpu");
jax.defaultDevice("webgpu");
const { numpy: np, lax, nn, jit, vjp, valueAndGrad } = jax;

// biome-ignore lint/suspicious/noExplicitAny: the library is not installed where types are checked
type T = any;
const array = (data: Float32Array, shape: readonly number[]): T => np.array(data).reshape([...shape]);
const ready = async (list: T[]): Promise<void> => {
  for (const t of list) await t.blockUntilReady();
};
const pads = (p: number): number[][] => [
  [p, p],
  [p, p],
];
const pool = (x: T): T => {
  const [n, c, h, w] = x.shape;
  return np.max(x.reshape([n, c, h / 2, 2, w / 2, 2]), [3, 5]);
};

/** One op: its value, and with `fwdbwd` the gradients of its inputs too; the value is kept, so that it is really computed. */
async function single(
  w: Workload,
  named: Record<string, T>,
  out: readonly number[],
  op: (...x: T[]) => T,
): Promise<Prepared> {
  const inputs: T[] = Object.values(named);
  const dy = array(draws(product(out), 3), out);
  await ready([...inputs, dy]);
  const f =
    w.pass === "fwd"
      ? jit((...x: T[]) => [op(...x)])
      : jit((...all: T[]) => {
          const [y, pull] = vjp(op, all.slice(0, -1));
          return [y, ...pull(all[all.length - 1])];
        });
  const call = (): T[] => f(...inputs.map((t) => t.ref), ...(w.pass === "fwd" ? [] : [dy.ref]));
  return {
    async run() {
      const results = call();
      await ready(results);
      for (const t of results) t.dispose();
    },
    async results() {
      const results = call();
      const names = ["y", ...Object.keys(named).map((k) => `d${k}`)];
      const data: Record<string, Float32Array> = {};
      for (const [i, t] of results.entries()) data[names[i]] = await t.data();
      return data;
    },
    dispose() {
      for (const t of [...inputs, dy]) t.dispose();
    },
  };
}

/** `step` takes and gives the state, the loss in front. */
function steps(first: T[], step: (...state: T[]) => [T, ...T[]]): Prepared {
  let state = first;
  const losses: number[] = [];
  const run = async (): Promise<void> => {
    const [loss, ...next] = step(...state);
    state = next;
    losses.push((await loss.data())[0]);
    await ready(state.flat());
  };
  return {
    run,
    async results() {
      while (losses.length < comparedSteps) await run();
      return { losses: Float32Array.from(losses.slice(0, comparedSteps)) };
    },
    dispose() {
      for (const t of state.flat()) t.dispose();
    },
  };
}

function unetStep(): Prepared {
  const layers = unetLayers();
  const weights = unetWeights();
  const { x, y } = unetData();
  const X = array(x, [unet.batch, 1, unet.size, unet.size]);
  const Y = array(y, [unet.batch, unet.outputs, unet.size, unet.size]);
  const P = layers.flatMap(({ w }, k) => [array(weights[k], w), array(new Float32Array(w[0]), [1, w[0], 1, 1])]);
  const zeros = (): T[] => P.map((p: T) => np.zeros(p.shape));
  const up = (t: T): T => np.repeat(np.repeat(t, 2, 2), 2, 3);
  const net = (p: T[]): T => {
    let k = 0;
    const conv = (t: T, act = true): T => {
      const z = lax.convGeneralDilated(t, p[2 * k], [1, 1], pads(layers[k].w[2] >> 1)).add(p[2 * k + 1]);
      k++;
      return act ? nn.relu(z) : z;
    };
    const skips: T[] = [];
    let t = X.ref;
    unet.widths.forEach((_, l) => {
      if (l > 0) t = pool(t);
      t = conv(conv(t));
      if (l < unet.widths.length - 1) skips.push(t.ref);
    });
    for (let l = unet.widths.length - 2; l >= 0; l--) t = conv(conv(np.concatenate([up(t), skips[l]], 1)));
    return conv(t, false);
  };
  const loss = (p: T[]): T => np.mean(np.square(net(p).sub(Y.ref)));
  const [b1, b2] = [0.9, 0.999];
  const step = jit((p: T[], m: T[], v: T[], t: T) => {
    const [l, g] = valueAndGrad(loss)(p.map((q) => q.ref));
    const c1 = np.subtract(1, np.power(b1, t.ref));
    const c2 = np.sqrt(np.subtract(1, np.power(b2, t.ref)));
    const next: [T[], T[], T[]] = [[], [], []];
    p.forEach((q, i) => {
      const mi = m[i].mul(b1).add(g[i].ref.mul(1 - b1));
      const vi = v[i].mul(b2).add(np.square(g[i]).mul(1 - b2));
      const change = mi.ref.div(c1.ref).mul(unet.learningRate).div(np.sqrt(vi.ref).div(c2.ref).add(1e-7));
      next[0].push(q.sub(change));
      next[1].push(mi);
      next[2].push(vi);
    });
    c1.dispose();
    c2.dispose();
    return [l, ...next, t.add(1)];
  });
  return steps([P, zeros(), zeros(), np.array([1]).reshape([])], step);
}

function beetleStep(): Prepared {
  const weights = beetleWeights();
  const P = [
    ...beetle.convs.flatMap((w, k) => [array(weights.convs[k], w), np.zeros([1, w[0], 1, 1])]),
    ...beetle.dense.flatMap((w, k) => [array(weights.dense[k], w), np.zeros([1, w[1]])]),
  ];
  const X = array(draws(beetle.batch * product(beetle.image), 60), [beetle.batch, 1, ...beetle.image]);
  const Y = array(draws(beetle.batch * 16, 61), [beetle.batch, 16]);
  const net = (p: T[]): T => {
    let t = X.ref;
    let k = 0;
    for (; k < 6; k += 2) {
      t = nn.relu(lax.convGeneralDilated(t, p[k], [1, 1], "VALID").add(p[k + 1]));
      const [, , h, w] = t.shape;
      t = pool(t.slice([], [], [0, h - (h % 2)], [0, w - (w % 2)]));
    }
    t = t.reshape([beetle.batch, beetle.dense[0][0]]);
    for (; k < 12; k += 2) {
      t = np.matmul(t, p[k]).add(p[k + 1]);
      if (k < 10) t = nn.relu(t);
    }
    return t;
  };
  const loss = (p: T[]): T => np.mean(np.square(net(p).sub(Y.ref)));
  const { learningRate: lr, momentum } = beetle;
  const step = jit((p: T[], m: T[]) => {
    const [l, g] = valueAndGrad(loss)(p.map((q) => q.ref));
    const next: [T[], T[]] = [[], []];
    p.forEach((q, i) => {
      const mi = m[i].mul(momentum).add(g[i].ref);
      next[0].push(q.sub(mi.ref.mul(momentum).add(g[i]).mul(lr)));
      next[1].push(mi);
    });
    return [l, ...next];
  });
  return steps([P, P.map((p: T) => np.zeros(p.shape))], step);
}

export const participant: Participant = {
  mode: "jit",
  adapter,
  async prepare(w) {
    const { job } = w;
    switch (job.type) {
      case "conv": {
        const { x, w: weight, padding, dilation, groups } = job.size;
        const options = { rhsDilation: [dilation, dilation], featureGroupCount: groups };
        const inputs = { x: array(draws(product(x), 1), x), w: array(draws(product(weight), 2, 0.5), weight) };
        return single(w, inputs, [x[0], weight[0], x[2], x[3]], (a, b) =>
          lax.convGeneralDilated(a, b, [1, 1], pads(padding), options),
        );
      }
      case "maxPool": {
        const [n, c, h, wide] = job.shape;
        return single(w, { x: array(draws(product(job.shape), 1), job.shape) }, [n, c, h / 2, wide / 2], pool);
      }
      case "softmax": {
        const [n, c, h, wide] = job.shape;
        const rows = [n * c, h * wide];
        return single(w, { x: array(draws(product(rows), 1, 3), rows) }, rows, (x) => nn.softmax(x, -1));
      }
      case "batchNorm": {
        const c = job.shape[1];
        const each = [1, c, 1, 1];
        const inputs = {
          x: array(draws(product(job.shape), 1), job.shape),
          scale: array(draws(c, 4), each),
          shift: array(draws(c, 5), each),
        };
        return single(w, inputs, job.shape, (x, scale, shift) => {
          const centered = x.sub(np.mean(x.ref, [0, 2, 3], { keepdims: true }));
          const variance = np.mean(np.square(centered.ref), [0, 2, 3], { keepdims: true });
          return centered
            .div(np.sqrt(variance.add(1e-3)))
            .mul(scale)
            .add(shift);
        });
      }
      case "unet":
        return unetStep();
      case "beetle":
        return beetleStep();
    }
  },
};
