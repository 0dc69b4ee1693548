import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
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

  test("--forget deletes them", async () => {
    const file = kept();
    const { stdout } = await fiducial(["tune", "--forget"], { env });
    expect(stdout).toContain(`${file} is gone`);
    expect(existsSync(file)).toBe(false);
    expect((await fiducial(["tune", "--forget"], { env })).stdout).toContain("nothing was tuned");
  });
});
