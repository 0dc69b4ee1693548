import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDevice } from "../../src/device/index.ts";
import { MemoryStore } from "../../src/training/index.ts";
import { loadRunTuner } from "../../src/training/run-layout.ts";
import { fiducial, scratch } from "./run.ts";

describe("fiducial tune", () => {
  const folder = scratch();
  const env = { XDG_CACHE_HOME: join(folder, "cache") };
  const config = join(folder, "small.json");
  writeFileSync(config, JSON.stringify({ net: { widths: [2, 3] }, training: { batch: 1 } }));
  const kept = (): string => {
    const file = JSON.parse(readFileSync(join(folder, "tune.json"), "utf8")).file as string;
    expect(file.startsWith(env.XDG_CACHE_HOME)).toBe(true);
    return file;
  };

  test("measures the network's kernels, keeps the choices, and later commands use them", async () => {
    const args = ["tune", "--config", config, "--rounds", "1", "--json", join(folder, "tune.json")];
    const { code, stdout, stderr } = await fiducial(args, { env });
    expect(stderr).toMatch(/tuning: 100 %/);
    expect(code).toBe(0);
    expect(stdout).toMatch(/conv2d weightGrad/);
    const table = JSON.parse(readFileSync(kept(), "utf8"));
    expect(table.format).toBe("fiducial/tuner@1");
    const count = Object.keys(table.choices).length;
    expect(count).toBeGreaterThan(5);
    for (const choice of Object.values<{ variant: string; ms: Record<string, number> }>(table.choices))
      expect(choice.ms[choice.variant]).toBeGreaterThan(0);
    const again = await fiducial(args, { env });
    expect(again.stdout).toMatch(/were tuned before; --again measures them anew/);
    expect(again.stderr).toContain(`${count} tuned kernels`);
  });

  test("goes on without a file that is damaged or another adapter's, and says so", async () => {
    const file = kept();
    const whole = readFileSync(file, "utf8");
    for (const [text, said] of [
      [whole.slice(0, 200), /tuner-.*json.*going on untuned/],
      [whole.replace(/"hash": "\w+"/, '"hash": "0000"'), /was made on .*\(0000\).*going on untuned/],
    ] as const) {
      writeFileSync(file, text);
      const { code, stderr } = await fiducial(["doctor"], { env });
      expect(code).toBe(0);
      expect(stderr).toMatch(said);
      expect(stderr).not.toContain("tuned kernels");
    }
    writeFileSync(file, whole);
  });

  test("a resumed run goes on with its own choices, where they are this adapter's", async () => {
    const device = await openDevice();
    const choices = { "conv2d forward x": { variant: "tile", ms: { tile: 1 } } };
    const mine = { format: "fiducial/tuner@1", adapter: { name: "mine", hash: device.info.hash }, choices };
    const run = (table?: object): MemoryStore => {
      const store = new MemoryStore();
      if (table) store.files.set("tuner.json", new TextEncoder().encode(JSON.stringify(table)));
      return store;
    };
    for (const store of [run(), run({ ...mine, adapter: { name: "another", hash: "0" } })]) {
      await loadRunTuner(store, device);
      expect(device.tuner.size).toBe(0);
    }
    await loadRunTuner(run(mine), device);
    expect(device.tuner.toJSON().choices).toEqual(choices);
    await expect(loadRunTuner(run({ ...mine, choices: 3 }), device)).rejects.toThrow(/tuner\.json.*choices/s);
    device.destroy();
  });

  test("--forget deletes them", async () => {
    const file = kept();
    const { stdout } = await fiducial(["tune", "--forget"], { env });
    expect(stdout).toContain(`${file} is gone`);
    expect(existsSync(file)).toBe(false);
    expect((await fiducial(["tune", "--forget"], { env })).stdout).toContain("nothing was tuned");
  });
});
