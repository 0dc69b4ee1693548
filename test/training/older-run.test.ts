import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { openScoutRun } from "../../src/mri/run.node.ts";
import { MemoryStore, readWeights, Trainer, type TrainerEvent } from "../../src/training/index.ts";
import golden from "../golden/run.json" with { type: "json" };
import { testDevice } from "../harness/device.ts";
import { Toy, toyOptions, toySource } from "./toy.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));

// The toy's run of 18 steps, stopped after 8 by the version before steps were recorded (test/golden/README.md).
describe("a run of an older version", () => {
  test("is taken up where it stopped, and comes to what that version came to", async () => {
    const store = new MemoryStore();
    for (const [name, text] of Object.entries(golden.files)) store.files.set(name, bytes(text));
    const base = toyOptions(device);
    const events: TrainerEvent[] = [];
    const trainer = new Trainer({ ...base, store, allowAdapterChange: true, onEvent: (e) => events.push(e) });
    const reports = await trainer.fit(toySource(base.rng), { epochs: 3, resume: true });
    expect(events.find((e) => e.type === "resumed")).toMatchObject({ step: 8 });
    expect(reports.map((r) => r.epoch)).toEqual([2, 3]);
    const losses = trainer.history.series.get("loss")!;
    expect(losses.slice(0, 8)).toEqual(golden.losses.slice(0, 8));
    const same = device.info.hash === golden.adapter;
    for (const [i, want] of golden.losses.entries())
      if (same) expect(losses[i]).toBe(want);
      else expect(losses[i]).toBeCloseTo(want, 3);
    for (const [name, { data }] of await base.model.stateDict()) {
      const want = new Float32Array(bytes(golden.weights[name as keyof typeof golden.weights]).buffer);
      if (same) expect(data).toEqual(want);
      else expect((data as Float32Array).length).toBe(want.length);
    }
    base.model.dispose();
  });

  test("gives its best weights to a model", () => {
    const model = new Toy().load(device, readWeights(bytes(golden.files["best.safetensors"]), "best.safetensors"));
    expect([...model.namedParameters().keys()]).toEqual(Object.keys(golden.weights));
    model.dispose();
  });

  const run = fileURLToPath(new URL("../../../shared/models/mri-head-v0", import.meta.url));
  test.skipIf(!existsSync(run))(
    "for scouts opens with its network and estimator (needs ../shared/models)",
    async () => {
      const scouts = await openScoutRun(run, device);
      expect(scouts.net.widths).toEqual([24, 48, 64, 96, 128]);
      expect(scouts.equipment.template.heads).toBeGreaterThan(10);
      expect(scouts.model.training).toBe(false);
      scouts.model.dispose();
    },
  );
});
