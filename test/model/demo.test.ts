import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeNifti } from "../../src/io/index.ts";
import { exampleScoutsFolder, packagedModelFile } from "../../src/mri/packaged.node.ts";
import { makeHead } from "../../src/mri/phantom/index.ts";
import { Random } from "../../src/random.ts";
import { fiducial, scratch } from "../cli/run.ts";

/** The demo as a newcomer starts it, and calibration with the packaged network, from a folder that is not the package's. */
const home = scratch();
const adapter = process.env.FIDUCIAL_ADAPTER ? ["--adapter", process.env.FIDUCIAL_ADAPTER] : [];
const run = (...args: string[]) => fiducial([...args, ...adapter], { cwd: home });
const json = (...path: string[]) => JSON.parse(readFileSync(join(home, ...path), "utf8"));
const model = {
  name: "mri-head",
  sha256: createHash("sha256").update(readFileSync(packagedModelFile())).digest("hex"),
};

describe("fiducial demo", () => {
  test("follows the head through nine poses within its limits, and shows it", async () => {
    const made = await run("demo", "--out", "demo", "--seed", "7");
    expect(made.code, made.stderr).toBe(0);
    expect(made.stderr).toMatch(/following the head: /);
    expect(made.stdout).toContain("not a medical device");
    const metrics = json("demo", "metrics.json");
    expect(metrics).toMatchObject({ format: "fiducial/demo@1", model, shortcomings: [] });
    expect(metrics.seconds).toBeGreaterThan(0);
    expect(metrics.poses).toHaveLength(9);
    const numbers = (key: string): number[] =>
      metrics.poses.map((p: Record<string, number>) => p[key]).sort((a: number, b: number) => a - b);
    for (const [key, limit] of [
      ["centre_mm", 2.5],
      ["total_deg", 5],
    ] as const) {
      expect(metrics.summary[key]).toEqual({ median: numbers(key)[4], max: numbers(key)[8] });
      expect(metrics.summary[key].median).toBeLessThanOrEqual(limit);
    }
    expect(metrics.summary).toMatchObject({ n: 9, refused: 0 });
    for (const p of metrics.poses) {
      expect(p.refused).toBe(null);
      expect(p.iou).toBeGreaterThan(0.8);
    }
    const poses = JSON.parse(readFileSync(join(exampleScoutsFolder(), "poses.json"), "utf8"));
    expect(metrics.poses).toMatchObject(poses);
    const box = json("demo", "box.json");
    expect(box).toMatchObject({ format: "fiducial/box@1", refusal: null, warnings: [], model });
    expect(readdirSync(join(home, "demo")).sort()).toEqual([
      "axial.png",
      "box.json",
      "coronal.png",
      "metrics.json",
      "poses",
      "report.html",
      "sagittal.png",
    ]);
    expect(readdirSync(join(home, "demo/poses"))).toHaveLength(9);
    const report = readFileSync(join(home, "demo/report.html"), "utf8");
    expect(report.match(/<img /g)).toHaveLength(12);
    expect(report).toContain("not a medical device");
    expect(report).not.toMatch(/(src|href)="https?:/);

    const again = await run("demo", "--out", "demo");
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("--force");
  });

  test("refuses --minutes without --train, and writes nothing", async () => {
    const made = await run("demo", "--out", "none", "--minutes", "3");
    expect(made.code).toBe(2);
    expect(made.stderr).toContain("add --train");
    expect(existsSync(join(home, "none"))).toBe(false);
  });
});

test("mri calibrate without --run gives the demo's box with the packaged network", async () => {
  const scouts = ["axial", "sagittal", "coronal"].map((plane) => join(exampleScoutsFolder(), `${plane}.dcm`));
  const made = await run("mri", "calibrate", ...scouts, "--out", "box");
  expect(made.code, made.stderr).toBe(0);
  const [box, demo] = [json("box", "box.json"), json("demo", "box.json")];
  expect(box.model).toEqual(model);
  box.centre_mm.forEach((v: number, k: number) => {
    expect(v).toBeCloseTo(demo.centre_mm[k], 2);
  });
});

test("mri evaluate without --run judges the packaged network", async () => {
  const { volume, labels } = makeHead(new Random(5));
  for (const [part, content] of [
    ["t1", volume],
    ["labels", labels],
  ] as const) {
    mkdirSync(join(home, "heads", part), { recursive: true });
    writeFileSync(join(home, "heads", part, "one.nii.gz"), writeNifti(content, { gzip: true }));
  }
  const options = ["--split", "all", "--poses", "1", "--json", "judged.json"];
  const made = await run("mri", "evaluate", "--data", "heads", ...options);
  expect(made.code, made.stderr).toBe(0);
  expect(json("judged.json")).toMatchObject({ model, cases: [{ subject: "one" }] });
});
