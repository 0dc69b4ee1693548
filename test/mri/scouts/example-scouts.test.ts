/** The committed scouts are what the committed volume and pose give, and the poses are what the demo promises. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mapPoint, norm, type Point3 } from "../../../src/geometry/index.ts";
import { readNifti } from "../../../src/io/index.ts";
import { exampleScoutsFolder } from "../../../src/mri/packaged.node.ts";
import { examination, headPlacement, poseFile } from "../../../src/mri/scouts/index.ts";
import { readScouts } from "../../../src/mri/scouts/read-scouts.node.ts";

const folder = exampleScoutsFolder();
const bytes = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));
const poses = (name: string) => poseFile.parse(JSON.parse(readFileSync(join(folder, name), "utf8")));

test("the DICOM scouts are those that mri simulate makes of the volume in its pose", () => {
  const head = { subject: "colin27-2mm", volume: readNifti(bytes("colin27-2mm.nii.gz")), truth: null };
  expect(head.volume.size).toEqual([90, 108, 90]);
  const made = examination(head, poses("pose.json")[0], 0);
  expect([...made.keys()].sort()).toEqual(["axial.dcm", "coronal.dcm", "sagittal.dcm"]);
  for (const [name, dicom] of made) expect(Buffer.compare(bytes(name), dicom), name).toBe(0);
});

test("the volume is small, and the notice of its owner stands beside it", () => {
  expect(statSync(join(folder, "colin27-2mm.nii.gz")).size).toBeLessThan(700_000);
  const readme = readFileSync(join(folder, "README.md"), "utf8").replace(/\s*\n> ?/g, " ");
  expect(readme).toContain("Louis Collins, McConnell Brain Imaging Centre, Montreal Neurological Institute, McGill");
  expect(readme).toContain("provided that the above copyright notice appear in all copies");
});

test("nine poses: about every axis up to 15 degrees, singly and together, shifts up to 15 mm, five above 10 degrees", () => {
  const nine = poses("poses.json");
  expect(nine).toHaveLength(9);
  const turns = nine.map((p) => p.rotvecDeg);
  for (const axis of [0, 1, 2]) {
    const single = turns.filter((t) => t.every((v, k) => (k === axis) === (v !== 0)));
    expect(Math.min(...single.map((t) => t[axis]))).toBeLessThanOrEqual(-8);
    expect(Math.max(...single.map((t) => t[axis]))).toBeGreaterThanOrEqual(10);
  }
  expect(turns.filter((t) => t.every((v) => v !== 0)).length).toBeGreaterThanOrEqual(3);
  expect(Math.max(...turns.flat().map(Math.abs))).toBe(15);
  expect(turns.filter((t) => norm(t) > 10).length).toBeGreaterThanOrEqual(5);
  expect(Math.max(...nine.flatMap((p) => p.shiftMm.map(Math.abs)))).toBe(15);
});

test("a head is placed about a point of choice", () => {
  const volume = readNifti(bytes("colin27-2mm.nii.gz"));
  const center = [3, 14, 10] as unknown as Point3<"lps">;
  const pose = { rotvecDeg: [4, 9, -7], shiftMm: [1, -2, 3] } as const;
  const at = mapPoint(headPlacement({ subject: "c", volume, truth: null }, pose, undefined, center), center);
  at.forEach((v, k) => {
    expect(v).toBeCloseTo(pose.shiftMm[k], 9);
  });
});

test("the folder with all that lies in it is read as its three DICOM scouts", async () => {
  const { scouts } = await readScouts([folder]);
  expect(scouts.map((s) => [s.width, s.frameOfReference !== undefined])).toEqual(Array(3).fill([256, true]));
});
