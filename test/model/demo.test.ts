import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

/** The demo at a fifth of its time: everything is made and written; whether its limits are met is for the real one to show. */
const root = fileURLToPath(new URL("../../", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "fiducial-demo-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const fiducial = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((done) => {
    const adapter = process.env.FIDUCIAL_ADAPTER ? ["--adapter", process.env.FIDUCIAL_ADAPTER] : [];
    execFile(
      process.execPath,
      ["--conditions=fiducial-source", "--import", "tsx", "src/cli/main.ts", ...args, ...adapter],
      { cwd: root, maxBuffer: 2 ** 26 },
      (error, out, err) => done({ code: error ? ((error.code as unknown as number) ?? 1) : 0, out, err }),
    );
  });

test("the demo leaves a run, metrics, pictures and a report, and its run calibrates scouts", async () => {
  const out = join(home, "demo");
  const made = await fiducial("demo", "--out", out, "--minutes", "0.9");
  expect([0, 1], made.err).toContain(made.code);
  const metrics = JSON.parse(readFileSync(join(out, "metrics.json"), "utf8"));
  expect(metrics.format).toBe("fiducial/mri-evaluate@1");
  expect(metrics.cases).toHaveLength(20);
  expect(metrics.summary.n).toBe(20);
  expect(metrics.baseline.centre_mm.median).toBeGreaterThan(8);
  expect(metrics.geometry_only.centre_mm.median).toBeLessThan(1);
  expect(metrics.code === undefined && (made.code === 0) === (metrics.shortcomings.length === 0)).toBe(true);
  expect(readdirSync(join(out, "cases"))).toHaveLength(20);
  expect(readdirSync(join(out, "cases/test-01")).sort()).toEqual(["axial.png", "coronal.png", "sagittal.png"]);
  const report = readFileSync(join(out, "report.html"), "utf8");
  expect(report).toContain("not a medical device");
  expect(report).not.toMatch(/(src|href)="https?:/);
  for (const name of [
    "config.json",
    "environment.json",
    "data.json",
    "calibration.json",
    "best.safetensors",
    "last.safetensors",
    "metrics.csv",
  ])
    expect(existsSync(join(out, "run", name)), name).toBe(true);

  // A second start does not touch what is there.
  const again = await fiducial("demo", "--out", out);
  expect(again.code).toBe(2);
  expect(again.err).toContain("--force");
});
