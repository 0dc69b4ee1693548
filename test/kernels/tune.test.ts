import { describe, expect, it } from "vitest";
import { type Binding, type Device, openDevice, type TunerTable } from "../../src/device/index.ts";
import { ConfigError } from "../../src/errors.ts";
import { tune } from "../../src/kernels/common/tune.ts";
import { decide } from "../../src/kernels/common/variants.ts";
import { mapOne } from "../../src/kernels/elementwise/map.ts";
import { conv2d, conv3d, Rng, tidy } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

type Variant = "plain" | "slow" | "wrong" | "forgets";

const elements = 40_000;

/** A kernel with variants: y = 2 x right, right and slow, wrong and fast, and leaving the last element alone. */
function double(device: Device, { x, y }: { x: Binding; y: Binding }, wanted?: Variant, byDefault: Variant = "slow") {
  const variants = (["plain", "slow", "wrong", "forgets"] as const).map((name) => ({
    name,
    fits: () => true,
    cost: () => (name === byDefault ? 1 : 2),
  }));
  const { name: variant } = decide(device, {
    family: "double",
    variants,
    pass: "forward",
    dims: elements,
    wanted,
    shapeClass: (n) => `${n}`,
    trial: () => ({
      inputs: [elements],
      output: elements,
      terms: 1,
      reference: "plain",
      run: (v, [a], out) => double(device, { x: a, y: out }, v as Variant),
    }),
  });
  if (variant === "plain") mapOne(device, "2.0 * a", { a: x, y }, elements);
  else if (variant === "slow") for (let i = 0; i < 40; i++) mapOne(device, "2.0 * a", { a: x, y }, elements);
  else if (variant === "wrong") mapOne(device, "2.001 * a", { a: x, y }, 1);
  else mapOne(device, "2.0 * a", { a: x, y }, elements - 1);
  return variant;
}

async function withBuffers<T>(use: (device: Device, io: { x: Binding; y: Binding }) => Promise<T>): Promise<T> {
  const device = await openDevice({ adapter: (await testDevice()).info.kind });
  const lend = (): Binding => ({ buffer: device.pool.acquire(4 * elements, "test"), bytes: 4 * elements });
  try {
    return await use(device, { x: lend(), y: lend() });
  } finally {
    device.destroy();
  }
}

describe("tune", () => {
  it("finds the fastest right variant, and never takes a wrong one however fast", () =>
    withBuffers(async (device, io) => {
      expect(double(device, io)).toBe("slow");
      const before = device.memory().liveBuffers;
      const seen: string[] = [];
      const table = await tune(device, () => double(device, io), {
        rounds: 3,
        onSite: ({ name, done, total }) => seen.push(`${name} ${done}/${total}`),
      });
      const name = `double forward ${elements}`;
      expect(seen).toEqual([`${name} 1/1`]);
      expect(table.choices[name].variant).toBe("plain");
      expect(table.choices[name].wrong).toEqual(["wrong", "forgets"]);
      expect(Object.keys(table.choices[name].ms).sort()).toEqual(["plain", "slow"]);
      expect(double(device, io)).toBe("plain");
      expect(device.memory().liveBuffers).toBe(before);
      // Insisting still wins, and what is in the table is not measured again.
      device.variants.set("double", "slow");
      expect(double(device, io)).toBe("slow");
      device.variants.clear();
      const again: string[] = [];
      await tune(device, () => double(device, io), { onSite: (r) => again.push(r.name) });
      expect(again).toEqual([]);
    }));

  it("drops a default that is wrong on this adapter", () =>
    withBuffers(async (device, io) => {
      const table = await tune(device, () => double(device, io, undefined, "wrong"), { rounds: 1 });
      expect(table.choices[`double forward ${elements}`].variant).toBe("plain");
    }));

  it("keeps its table as JSON, loads it on the same adapter and refuses it on another", () =>
    withBuffers(async (device, io) => {
      const table = await tune(device, () => double(device, io), { rounds: 1 });
      const text = JSON.stringify(device.tuner);
      expect(JSON.parse(text)).toEqual(table);
      const other = await openDevice({ adapter: device.info.kind, tuner: JSON.parse(text) as TunerTable });
      expect(other.tuner.get(`double forward ${elements}`)?.variant).toBe("plain");
      const foreign = { ...table, adapter: { name: "another", hash: "0" } };
      expect(() => other.tuner.load(foreign)).toThrow(ConfigError);
      expect(() => other.tuner.load(foreign)).toThrow(/was made on another \(0\), not on .*; tune again/);
      expect(() => other.tuner.load({ ...table, format: "x" as never })).toThrow(/"fiducial\/tuner@1" is wanted/);
      other.destroy();
    }));

  it("measures every pass of the convolutions of a step, all variants right, and the step still agrees", () =>
    withBuffers(async (device) => {
      const rng = new Rng(4);
      const x = rng.normal(device, [2, 5, 9, 11]);
      const w = rng.normal(device, [6, 5, 3, 3]).requireGrad();
      const x3 = rng.normal(device, [1, 2, 4, 5, 6]).requireGrad();
      const w3 = rng.normal(device, [3, 2, 2, 3, 3]);
      const step = () => {
        tidy(() => {
          conv2d(x.requireGrad(), w, { padding: 1 }).sum().backward();
          conv3d(x3, w3).sum().backward();
        });
      };
      step();
      const want = await w.grad!.data();
      for (const t of [x, w, x3]) t.zeroGrad();
      const table = await tune(device, step, { rounds: 1 });
      const names = Object.keys(table.choices).map((n) => n.split(" ").slice(0, 2).join(" "));
      for (const pass of ["forward", "inputGrad", "weightGrad"]) {
        expect(names).toContain(`conv2d ${pass}`);
        if (pass !== "weightGrad") expect(names).toContain(`conv3d ${pass}`);
      }
      for (const choice of Object.values(table.choices)) {
        expect(choice.wrong).toBeUndefined();
        expect(Object.keys(choice.ms)).toContain(choice.variant);
      }
      for (const t of [x, w, x3]) t.zeroGrad();
      step();
      const got = await w.grad!.data();
      const largest = Math.max(...want.map(Math.abs));
      want.forEach((v, i) => {
        expect(Math.abs(got[i] - v)).toBeLessThan(1e-5 * largest);
      });
      for (const t of [x, w, x3, w3]) t.dispose();
    }));
});
