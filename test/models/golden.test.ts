import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { Dropout, DropPath, type Module } from "../../src/nn/index.ts";
import { noGrad, tensor, tidy } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";
import { drawnImage, drawnState } from "../harness/drawn.ts";
import { network } from "./networks.ts";

interface Sampled {
  shape: number[];
  largest: number;
  deviation: number;
  at: number[] | null;
  values: number[];
}
interface Golden {
  input: number[];
  output: Sampled;
  train?: { input: number[]; image: number; loss: number; gradients: Record<string, Sampled> };
}
const folder = new URL("../golden/models/", import.meta.url);
/** Those that every run compares; the others take minutes: GOLDENS=all. */
const light = [
  "unet-resnet18",
  "unet++-resnet18",
  "deeplabv3-resnet18",
  "deeplabv3+-efficientnet-b0",
  "classifier-resnext50_32x4d",
  "classifier-efficientnet-lite0",
];
const names = readdirSync(folder)
  .map((f) => f.replace(/\.json$/, ""))
  .filter((n) => process.env.GOLDENS === "all" || light.includes(n));

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

/** Largest error over the kept values, as a share of the largest value. */
function error(got: ArrayLike<number>, want: Sampled): number {
  const worst = want.values.reduce((m, v, i) => Math.max(m, Math.abs(got[want.at ? want.at[i] : i] - v)), 0);
  return worst / want.largest;
}

function withoutMasks(model: Module): void {
  for (const [, m] of model.namedModules())
    if (m instanceof Dropout || m instanceof DropPath) Object.assign(m, { p: 0 });
}

describe("outputs and gradients are those of the networks' sources", () => {
  test.each(names)("%s", async (name) => {
    const golden = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as Golden;
    expect(golden.output.deviation / golden.output.largest, "the output varies").toBeGreaterThan(0.1);
    const model = network(name);
    model.load(device, drawnState(model)).eval();
    const y = tidy(() => noGrad(() => model.call(tensor(device, drawnImage(golden.input), golden.input))));
    expect(y.shape).toEqual(golden.output.shape);
    expect(error(await y.data(), golden.output)).toBeLessThan(1e-4);
    if (golden.train) {
      const { input, image, loss, gradients } = golden.train;
      withoutMasks(model);
      model.train();
      const got = tidy(() => {
        const l = model
          .call(tensor(device, drawnImage(input, image), input))
          .square()
          .mean();
        l.backward();
        return l;
      });
      expect((await got.data())[0] / loss).toBeCloseTo(1, 4);
      const parameters = model.namedParameters();
      for (const [key, want] of Object.entries(gradients))
        expect(error(await parameters.get(key)!.value.grad!.data(), want), key).toBeLessThan(1e-4);
    }
    model.dispose();
  });
});
