import { describe, expect, it } from "vitest";
import { angleBetween, distance, mat3, orthonormalize, type Vec3 } from "../../../src/geometry/index.ts";
import { openMriFolder } from "../../../src/mri/scouts/folder.node.ts";
import { referenceFrame } from "../../../src/mri/scouts/frame.ts";
import { landmarkSets } from "../../../src/mri/scouts/landmarks.ts";
import { hasIxi, ixiFolder } from "./shared-data.ts";

const rows = (axes: readonly [Vec3, Vec3, Vec3]) => mat3.fromRows(...axes);

describe.skipIf(!hasIxi)("referenceFrame on the heads of shared/data/ixi2mm", () => {
  it("agrees with truth.json on all 120 within 0.05 mm and 0.05 degrees: axes, box, landmarks, pitch", () => {
    const folder = openMriFolder(ixiFolder);
    expect(folder.subjects.length).toBe(120);
    const worst = { angle: 0, center: 0, size: 0, landmark: 0, pitch: 0 };
    for (const subject of folder.subjects) {
      const truth = folder.head(subject).truth;
      const labels = folder.labels(subject);
      if (!truth || !labels) throw new Error(`${subject} has no truth`);
      const ours = referenceFrame(labels);
      // truth.json's axes have six digits: made orthogonal again, or acos and atan see the rounding.
      const reference = mat3.transpose(orthonormalize(mat3.transpose(rows(truth.axes))));
      worst.angle = Math.max(worst.angle, angleBetween(rows(ours.axes), reference));
      worst.center = Math.max(worst.center, distance(ours.center as Vec3, truth.center as Vec3));
      worst.size = Math.max(worst.size, ...ours.size.map((v, k) => Math.abs(v - truth.size[k])));
      worst.pitch = Math.max(
        worst.pitch,
        Math.abs((ours.callosalPitchDeg ?? Number.NaN) - (truth.callosalPitchDeg ?? Number.NaN)),
      );
      expect(Object.keys(ours.landmarks).sort()).toEqual(Object.keys(truth.landmarks).sort());
      for (const [name, point] of Object.entries(truth.landmarks))
        worst.landmark = Math.max(worst.landmark, distance(ours.landmarks[name] as Vec3, point as Vec3));
    }
    expect(worst.angle).toBeLessThan(0.05);
    expect(worst.center).toBeLessThan(0.05);
    expect(worst.size).toBeLessThan(0.05);
    expect(worst.landmark).toBeLessThan(0.05);
    expect(worst.pitch).toBeLessThan(0.05);
  }, 120_000);

  it("has the landmark sets that truth.json names", () => {
    expect(openMriFolder(ixiFolder).landmarkSets).toEqual(landmarkSets);
  });
});
