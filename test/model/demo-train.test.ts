import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { writeDicom } from "../../src/io/index.ts";
import { makeHead } from "../../src/mri/phantom/index.ts";
import { referenceFrame, simulateScouts } from "../../src/mri/scouts/index.ts";
import { Random } from "../../src/random.ts";

/** `demo --train` at a fifth of its time: everything is made and written; whether its limits are met is for the real one to show. */
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
  const made = await fiducial("demo", "--train", "--out", out, "--minutes", "0.9", "--json", join(home, "demo.json"));
  expect([0, 1], made.err).toContain(made.code);
  const metrics = JSON.parse(readFileSync(join(out, "metrics.json"), "utf8"));
  expect(metrics.format).toBe("fiducial/mri-evaluate@1");
  expect(JSON.parse(readFileSync(join(home, "demo.json"), "utf8")).format).toBe("fiducial/mri-evaluate@1");
  expect(metrics.cases).toHaveLength(20);
  expect(metrics.summary.n).toBe(20);
  expect(metrics.baseline.centre_mm.median).toBeGreaterThan(8);
  expect(metrics.geometry_only.centre_mm.median).toBeLessThan(1);
  expect(made.code).toBe(metrics.shortcomings.length === 0 ? 0 : 1);
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
  const again = await fiducial("demo", "--train", "--out", out);
  expect(again.code).toBe(2);
  expect(again.err).toContain("--force");
});

describe("mri calibrate with the demo's run", () => {
  const run = join(home, "demo", "run");
  const folder = join(home, "scouts");
  const file = (name: string): string => join(folder, name);
  const box = (out: string) => JSON.parse(readFileSync(join(home, out, "box.json"), "utf8"));

  test("gives a box from three DICOM files in any order, and the same one from their folder", async () => {
    mkdirSync(folder);
    const { volume, labels } = makeHead(new Random(77));
    const head = { subject: "new", volume, truth: referenceFrame(labels) };
    const scouts = simulateScouts(head, { rotvecDeg: [5, -4, 8], shiftMm: [3, 6, -5] }, { random: new Random(1) });
    scouts.forEach((s, i) => {
      const common = { image: s, plane: s.plane, seriesNumber: i + 1 };
      writeFileSync(file(`${s.planeClass}.dcm`), writeDicom({ ...common, frameOfReference: "2.25.1" }));
      if (s.planeClass === "axial")
        writeFileSync(join(home, "elsewhere.dcm"), writeDicom({ ...common, frameOfReference: "2.25.2" }));
    });
    const made = await fiducial(
      "mri",
      "calibrate",
      "--run",
      run,
      file("axial.dcm"),
      file("sagittal.dcm"),
      file("coronal.dcm"),
      "--out",
      join(home, "box"),
      "--json",
      join(home, "box.json"),
    );
    expect([0, 4], made.err).toContain(made.code);
    const b = box("box");
    expect(b.format).toBe("fiducial/box@1");
    expect(b.frame).toBe("LPS");
    const weights = createHash("sha256").update(readFileSync(join(run, "best.safetensors")));
    expect(b.model).toEqual({ name: "run", sha256: weights.digest("hex") });
    expect(b.corners_mm).toHaveLength(8);
    expect(b.slices.length).toBeGreaterThan(50);
    expect(b.refusal === null).toBe(made.code === 0);
    expect(readdirSync(join(home, "box")).sort()).toEqual([
      "axial.png",
      "box.json",
      "coronal.png",
      "report.html",
      "sagittal.png",
    ]);
    const again = await fiducial("mri", "calibrate", "--run", run, folder, "--out", join(home, "box2"));
    expect(again.code).toBe(made.code);
    b.centre_mm.forEach((v: number, k: number) => {
      expect(box("box2").centre_mm[k]).toBeCloseTo(v, 3);
    });
  });

  test("two scouts, a foreign file and a run that is none end with 2, naming what is wrong, and write nothing", async () => {
    const two = await fiducial(
      "mri",
      "calibrate",
      "--run",
      run,
      file("axial.dcm"),
      file("coronal.dcm"),
      "--out",
      join(home, "no1"),
    );
    expect(two.code).toBe(2);
    expect(two.err).toContain("give one sagittal, one coronal and one axial scout");
    writeFileSync(join(home, "text.dcm"), "this is no picture");
    const foreign = await fiducial(
      "mri",
      "calibrate",
      "--run",
      run,
      file("axial.dcm"),
      file("coronal.dcm"),
      join(home, "text.dcm"),
      "--out",
      join(home, "no2"),
    );
    expect(foreign.code).toBe(2);
    expect(foreign.err).toContain("text.dcm");
    const nowhere = await fiducial("mri", "calibrate", "--run", join(home, "none"), folder, "--out", join(home, "no3"));
    expect(nowhere.code).toBe(2);
    expect(nowhere.err).toContain("fiducial mri train");
    for (const name of ["no1", "no2", "no3"]) expect(existsSync(join(home, name)), name).toBe(false);
  });

  test("scouts of two frames of reference give a box with its refusal, and 4", async () => {
    const mixed = await fiducial(
      "mri",
      "calibrate",
      "--run",
      run,
      file("sagittal.dcm"),
      file("coronal.dcm"),
      join(home, "elsewhere.dcm"),
      "--out",
      join(home, "mixed"),
    );
    expect(mixed.code, mixed.err).toBe(4);
    expect(box("mixed").refusal.code).toBe("frame_of_reference");
    expect(box("mixed").corners_mm).toHaveLength(8);
  });
});
