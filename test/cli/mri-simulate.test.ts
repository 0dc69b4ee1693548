import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { planeClass } from "../../src/geometry/index.ts";
import { type Volume, writeNifti } from "../../src/io/index.ts";
import { readDicomFolder, readVolume } from "../../src/io/node/index.ts";
import { museFrame, type Pose, posedTruth, referenceFrame } from "../../src/mri/scouts/index.ts";
import { phantomHead } from "../mri/scouts/phantom.ts";
import { fiducial, inProcess, scratch } from "./run.ts";

const poses = [
  { subject: "head", rotvec_deg: [5, -3, 8], shift_mm: [4, -2, 6] },
  { subject: "other", rotvec_deg: [0, 0, 0], shift_mm: [0, 0, 0] },
  { subject: "head", rotvec_deg: [0, 0, 0], shift_mm: [0, 0, 0] },
];

/** A voxel at the mean place of every label: enough for a reference frame. */
const labelsOn = (volume: Volume): Volume => {
  const data = new Uint8Array(volume.data.length);
  const [nx, ny] = volume.size;
  for (const [label, place] of museFrame.meanShape) {
    const [x, y, z] = place.map((v, k) => Math.round((v - volume.affine.offset[k]) / 2));
    data[x + nx * (y + ny * z)] = label;
  }
  return { ...volume, data };
};

describe("fiducial mri simulate", () => {
  const folder = scratch();
  const at = (name: string): string => join(folder, name);
  const put = (name: string, content: string | Uint8Array): string => {
    writeFileSync(at(name), content);
    return at(name);
  };
  const [volume, labels, posesFile] = [at("head.nii.gz"), at("labels.nii"), at("poses.json")];
  const simulate = (out: string, ...more: string[]) =>
    inProcess(["mri", "simulate", volume, "--poses", posesFile, "--out", at(out), ...more]);

  beforeAll(() => {
    const head = phantomHead().volume;
    put("head.nii.gz", writeNifti(head, { gzip: true }));
    put("labels.nii", writeNifti(labelsOn(head)));
    put("poses.json", JSON.stringify(poses));
  });

  test("writes three scouts a pose and the posed truth", async () => {
    const json = at("out.json");
    const { code, stdout, stderr } = await fiducial([
      ...["mri", "simulate", volume, "--poses", posesFile, "--out", at("scouts")],
      ...["--labels", labels, "--json", json],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("2 of 3 poses are of head") });
    expect(stdout).toBe(`2 poses of three scouts and truth.json in ${at("scouts")}\n`);
    expect(readdirSync(at("scouts")).sort()).toEqual(["pose-000", "pose-002", "truth.json"]);
    const truth = JSON.parse(readFileSync(at("scouts/truth.json"), "utf8"));
    expect(truth).toMatchObject({ format: "fiducial/scout-truth@1", command: "mri simulate", seed: 0, frame: "LPS" });
    const reference = referenceFrame(await readVolume(labels));
    for (const [i, of] of [
      [0, 0],
      [1, 2],
    ]) {
      const pose: Pose = { rotvecDeg: poses[of].rotvec_deg as never, shiftMm: poses[of].shift_mm as never };
      const wanted = posedTruth(reference, pose);
      expect(truth.poses[i]).toMatchObject({
        pose: of,
        folder: `pose-00${of}`,
        subject: "head",
        rotvec_deg: poses[of].rotvec_deg,
      });
      expect(truth.poses[i].axes).toEqual(wanted.axes);
      expect(truth.poses[i].centre_mm).toEqual(wanted.center);
      expect(truth.poses[i].size_mm).toEqual(wanted.size);
      expect(truth.poses[i].landmarks_mm).toEqual(wanted.landmarks);
    }
    const { series, skipped } = await readDicomFolder(at("scouts/pose-000"));
    expect(skipped).toEqual([]);
    const slices = series.flatMap((s) => s.slices);
    expect(slices.map((s) => planeClass(s.plane)).sort()).toEqual(["axial", "coronal", "sagittal"]);
    expect(new Set(slices.map((s) => s.frameOfReference)).size).toBe(1);
    const other = (await readDicomFolder(at("scouts/pose-002"))).series[0].slices[0].frameOfReference;
    expect(other).not.toBe(slices[0].frameOfReference);
    expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject({
      format: "fiducial/mri-simulate@1",
      truth: "truth.json",
      poses: [{ pose: 0 }, { pose: 2 }],
    });
  });

  test("the same seed gives the same bytes, another seed other ones; without labels there is no truth", async () => {
    await Promise.all([simulate("a", "--seed", "3"), simulate("b", "--seed", "3"), simulate("c", "--seed", "4")]);
    const bytes = (run: string): Buffer => readFileSync(at(`${run}/pose-002/axial.dcm`));
    expect(bytes("a").equals(bytes("b"))).toBe(true);
    expect(bytes("a").equals(bytes("c"))).toBe(false);
    expect(readdirSync(at("a")).sort()).toEqual(["pose-000", "pose-002"]);
  });

  test("a folder that is not empty is left alone without --force", async () => {
    mkdirSync(at("mine"));
    put("mine/notes.txt", "mine");
    const { code, stderr } = await simulate("mine");
    expect(code).toBe(2);
    expect(stderr).toMatch(/mine: the folder is not empty; .*--force/);
    expect(readdirSync(at("mine"))).toEqual(["notes.txt"]);
    expect((await simulate("mine", "--force")).code).toBe(0);
    expect(readdirSync(at("mine")).sort()).toEqual(["notes.txt", "pose-000", "pose-002"]);
  });

  test.each<[string, () => string[], RegExp]>([
    ["a volume that is missing", () => [at("none.nii"), "--poses", posesFile], /none\.nii: ENOENT/],
    ["a volume that is none", () => [posesFile, "--poses", posesFile], /poses\.json: this is not a NIfTI-1 volume/],
    ["poses that are no JSON", () => [volume, "--poses", put("p1.json", "[{")], /p1\.json: .*not valid JSON/],
    [
      "poses with mistakes, all told",
      () => [volume, "--poses", put("p2.json", '[{"rotvec_deg":[1,2],"shift_mm":[1,2,"x"]}]')],
      /p2\.json[\s\S]*0\.rotvec_deg[\s\S]*0\.shift_mm\.2/,
    ],
    ["no poses", () => [volume, "--poses", put("p3.json", "[]")], /at least one pose/],
    [
      "an angle in wrong units",
      () => [volume, "--poses", put("p4.json", '[{"rotvec_deg":[1,2,720],"shift_mm":[0,0,0]}]')],
      /\+-180/,
    ],
    [
      "poses of others",
      () => [
        volume,
        "--poses",
        put("p5.json", JSON.stringify(["a", "b"].map((subject) => ({ ...poses[1], subject })))),
      ],
      /none of its 2 poses is of subject head/,
    ],
    [
      "labels on another grid",
      () => [
        volume,
        "--poses",
        posesFile,
        "--labels",
        put(
          "l.nii",
          writeNifti({
            size: [2, 2, 2],
            data: new Uint8Array(8),
            affine: { linear: [1, 0, 0, 0, 1, 0, 0, 0, 1], offset: [0, 0, 0] },
          }),
        ),
      ],
      /l\.nii: its grid 2x2x2 is not the volume's 90x120x132/,
    ],
    ["labels that are none", () => [volume, "--poses", posesFile, "--labels", volume], /labels/],
  ])("bad input ends with 2 and writes nothing: %s", async (_, args, said) => {
    const { code, stderr } = await inProcess(["mri", "simulate", ...args(), "--out", at("nothing")]);
    expect(stderr).toMatch(said);
    expect(code).toBe(2);
    expect(existsSync(at("nothing"))).toBe(false);
  });

  test("a subject that the file spells otherwise is warned of", async () => {
    const file = put("p6.json", JSON.stringify([poses[1]]));
    const { code, stderr } = await inProcess(["mri", "simulate", volume, "--poses", file, "--out", at("p6")]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/warning: .*names the subject other, the volume is head/);
  });

  test.runIf(process.platform !== "win32").each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends with %i after what is done is saved", async (signal, wanted) => {
    const file = put(`${signal}.json`, JSON.stringify(Array.from({ length: 3000 }, () => poses[2])));
    const out = at(`many ${signal}`);
    const json = at(`${signal}.out.json`);
    let sent = false;
    const { code, stderr } = await fiducial(
      ["mri", "simulate", volume, "--labels", labels, "--poses", file, "--out", out, "--json", json],
      {
        heard: (text, child) => {
          if (!sent && text.includes("pose 1 of")) sent = child.kill(signal);
        },
      },
    );
    expect(stderr).toContain(`${signal}: saving what is done`);
    expect(code).toBe(wanted);
    const report = JSON.parse(readFileSync(json, "utf8"));
    expect(report.interrupted).toBe(signal);
    const truth = JSON.parse(readFileSync(join(out, "truth.json"), "utf8"));
    expect(truth.poses.length).toBeGreaterThan(0);
    expect(truth.poses.length).toBeLessThan(3000);
    for (const { folder: name } of truth.poses)
      expect(readdirSync(join(out, name)).sort()).toEqual(["axial.dcm", "coronal.dcm", "sagittal.dcm"]);
  });
});
