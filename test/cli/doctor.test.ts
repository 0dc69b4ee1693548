import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fiducial, scratch } from "./run.ts";

describe("fiducial doctor", () => {
  const folder = scratch();

  test("tells the adapter, its features and limits, and that it computes", async () => {
    const json = join(folder, "doctor.json");
    const { code, stdout } = await fiducial(["doctor", "--json", json, "--seed", "5"]);
    expect(code).toBe(0);
    expect(stdout).toContain("self-test  passed");
    const report = JSON.parse(readFileSync(json, "utf8"));
    expect(report).toMatchObject({ format: "fiducial/doctor@1", command: "doctor", seed: 5, self_test: "passed" });
    expect(["system", "embedded"]).toContain(report.adapter.kind);
    expect(report.adapter.hash).toMatch(/^[0-9a-f]{16}$/);
    for (const field of ["name", "vendor", "architecture", "description"])
      expect(report.adapter[field]).toEqual(expect.any(String));
    expect(report.limits.maxStorageBufferBindingSize).toBeGreaterThanOrEqual(128 * 2 ** 20);
    expect(report.features).toEqual([...report.features].sort());
    for (const { what, command } of report.missing) expect([typeof what, typeof command]).toEqual(["string", "string"]);
  });

  // Without a driver's manifest the Vulkan loader finds nothing, whatever is installed.
  test.runIf(process.platform === "linux")(
    "without an adapter it ends with 3, names both fixes, and still writes the JSON",
    async () => {
      const json = join(folder, "none.json");
      const none = join(folder, "no-driver.json");
      const { code, stdout } = await fiducial(["doctor", "--adapter", "system", "--json", json], {
        env: { VK_DRIVER_FILES: none, VK_ICD_FILENAMES: none },
      });
      expect(code).toBe(3);
      const report = JSON.parse(readFileSync(json, "utf8"));
      expect(report.adapter).toMatchObject({
        name: null,
        kind: null,
        reason: expect.stringContaining("no system adapter"),
      });
      expect(report.self_test).toMatch(/^not run/);
      for (const fix of ["mesa-vulkan-drivers", "npm install @sparticuz/chromium"]) {
        expect(stdout).toContain(fix);
        expect(report.missing.some((m: { command: string }) => m.command.includes(fix))).toBe(true);
      }
      expect(existsSync(none)).toBe(false);
    },
  );
});
