import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { ConfigError } from "../../src/errors.ts";
import {
  coordinateMseLoss,
  gaussianHeatmaps,
  jsRegularizer,
  klDiceLoss,
  ohkmMseLoss,
  varianceRegularizer,
} from "../../src/landmarks/index.ts";
import { softmax, type Tensor, tensor, tidy } from "../../src/tensor/index.ts";
import { normals } from "../harness/check.ts";
import { testDevice } from "../harness/device.ts";
import { type Ref, ref } from "../ops/common/ref.ts";
import { softmaxParts } from "../ops/common/reference/norm.ts";
import { ops } from "../ops/index.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const load = (r: Ref): Tensor => tensor(device, Float32Array.from(r.data), r.shape);
const shape = [2, 3, 13, 17];
const size = [13, 17] as const;
const points = ref([2, 3, 2], [4, 5, 12.25, 3, 8, 8, 2.5, 9, 15, 11, Number.NaN, Number.NaN]);
/** The last landmark is not there, and its place is not a number. */
const weight = ref([2, 3], [1, 0.5, 1, 1, 1, 0]);

/** The value, and the gradient's agreement with a small step along itself. */
async function falls(make: (x: Tensor) => Tensor, x: Ref): Promise<number> {
  const run = (data: ArrayLike<number>): Tensor[] =>
    tidy(() => {
      const t = tensor(device, Float32Array.from(data), x.shape).requireGrad();
      const loss = make(t);
      loss.backward();
      return [loss.detach(), t.grad!.detach()];
    });
  const before = device.memory().liveBuffers;
  const [loss, grad] = run(x.data);
  const g = await grad.data();
  const first = await loss.item();
  const square = g.reduce((s, v) => s + v * v, 0);
  expect(square).toBeGreaterThan(0);
  const step = (1e-2 * first) / square;
  const [other, rest] = run(x.data.map((v, i) => v - step * g[i]));
  const fallen = first - (await other.item());
  expect(fallen / (step * square)).toBeGreaterThan(0.9);
  expect(fallen / (step * square)).toBeLessThan(1.1);
  for (const t of [loss, grad, other, rest]) t.dispose();
  expect(device.memory().liveBuffers).toBe(before);
  return first;
}

describe("losses for landmarks", () => {
  test("the Jensen-Shannon regularizer leaves out what is not there, and is 0 at the Gaussian itself", async () => {
    const z = normals("z", shape);
    const got = await falls(
      (x) => jsRegularizer(softmax(x, [2, 3]), load(points), { sigma: 2, weight: load(weight) }),
      z,
    );
    const { p, group } = softmaxParts(z, [2, 3]);
    const here = ref(
      points.shape,
      points.data.map((v) => (Number.isNaN(v) ? 0 : v)),
    );
    const q = ops.gaussian_heatmaps.reference.forward([here], { size: [...size], sigma: 2 }).data;
    const mass = new Float64Array(6);
    q.forEach((v, i) => {
      mass[group[i]] += v;
    });
    let want = 0;
    p.forEach((v, i) => {
      const r = q[i] / mass[group[i]];
      const m = (v + r) / 2;
      want += (weight.data[group[i]] * (v * Math.log(v / m) + (r > 0 ? r * Math.log(r / m) : 0))) / 2;
    });
    expect(got).toBeCloseTo(want / 4.5, 5);
    const same = tidy(() => {
      const g = gaussianHeatmaps(load(here), { size: [13, 17], sigma: 2 });
      return jsRegularizer(g.div(g.sum([2, 3], { keepDims: true })), load(here), { sigma: 2 });
    });
    expect(await same.item()).toBeLessThan(1e-7);
    same.dispose();
    expect(() => tidy(() => jsRegularizer(load(z), load(points), { sigma: 0 }))).toThrow(ConfigError);
  });

  test("the variance regularizer wants the spread sigma^2", async () => {
    const z = normals("z", shape);
    const got = await falls((x) => varianceRegularizer(softmax(x, [2, 3]), { sigma: 1.5, weight: load(weight) }), z);
    const { p } = softmaxParts(z, [2, 3]);
    const spread = ops.heatmap_variance.reference.forward([ref(shape, p)], {}).data;
    const terms = spread.map((v, i) => weight.data[i >> 1] * (v - 2.25) ** 2);
    const want = terms.reduce((a, b) => a + b, 0) / 4.5;
    expect(Math.abs(got - want) / want).toBeLessThan(1e-5);
  });

  test("divergence and Dice of the softmax over channels", async () => {
    const z = normals("z", shape);
    const t = ref(shape, softmaxParts(normals("t", shape, 3), [1]).p.map(Math.fround));
    const weights = ref([3], [0.5, 1, 2]);
    const got = await falls((x) => klDiceLoss(x, load(t), { dice: 0.75, weight: load(weights), eps: 0.001 }), z);
    const { p, log } = softmaxParts(z, [1]);
    const kl = ops.kl_div.reference.forward([ref(shape, log), t], { reduction: "batchmean" }).data[0];
    const dice = ops.log_dice.reference.forward([ref(shape, p), t, weights], { eps: 0.001 }).data[0];
    expect(Math.abs(got / (kl + 0.75 * dice) - 1)).toBeLessThan(1e-5);
  });

  test("the hardest landmarks of maps, of those that are labeled", async () => {
    const [x, y] = [normals("x", shape), normals("y", shape)];
    const got = await falls((v) => ohkmMseLoss(v, load(y), { top: 2, weight: load(weight) }), x);
    const each = ops.mse_loss.reference.forward([x, y], { reduction: "mean", keep: 2 }).data;
    const hardest = [each.slice(0, 3), each.slice(3, 5)].map((row) => row.sort((a, b) => b - a).slice(0, 2));
    expect(got).toBeCloseTo(hardest.flatMap((row) => [...row]).reduce((a, b) => a + b, 0) / 4, 5);
  });

  test("coordinates from -1 to 1", async () => {
    const x = ref([2, 3, 2], normals("x", [2, 3, 2], 0.5).data);
    const got = await falls((v) => coordinateMseLoss(v, load(points), { size: [13, 17], weight: load(weight) }), x);
    const want = x.data.reduce((s, v, i) => {
      const half = i % 2 === 0 ? 8.5 : 6.5;
      return i >= 10 ? s : s + weight.data[i >> 1] * (v - (points.data[i] - half) / half) ** 2;
    }, 0);
    expect(got).toBeCloseTo(want / 9, 5);
  });
});
