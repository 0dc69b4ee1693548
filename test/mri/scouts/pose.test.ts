import { describe, expect, it } from "vitest";
import { distance, mapPoint, mat3, norm, rotationFromVector, type Vec3 } from "../../../src/geometry/index.ts";
import type { HeadTruth } from "../../../src/mri/scouts/index.ts";
import {
  drawPose,
  landmarkTargets,
  moveVolume,
  placement,
  posedTruth,
  scoutPlanes,
} from "../../../src/mri/scouts/index.ts";
import { Random } from "../../../src/random.ts";
import { phantomHead, volumeOf } from "./phantom.ts";

const tilt = rotationFromVector([4, -7, 11]);
const truth: HeadTruth = {
  axes: [mat3.column(tilt, 0), mat3.column(tilt, 1), mat3.column(tilt, 2)],
  center: [5, -3, 20],
  size: [130, 170, 140],
  landmarks: { box_centre: [5, -3, 20], thalamus_left: [15, 2, 18], thalamus_right: [-6, 1, 17] },
  callosalPitchDeg: 2,
};
const pose = { rotvecDeg: [3, -9, 12] as Vec3, shiftMm: [4, -6, 9] as Vec3 };

describe("poses", () => {
  it("bring the box center to the isocenter, turn about it, then shift", () => {
    const map = placement(truth, pose);
    expect(distance(mapPoint(map, truth.center) as Vec3, pose.shiftMm)).toBeLessThan(1e-9);
    const point: Vec3 = [15, 2, 18];
    const expected = mat3
      .apply(rotationFromVector(pose.rotvecDeg), [10, 5, -2])
      .map((v, k) => v + pose.shiftMm[k]) as unknown as Vec3;
    expect(distance(mapPoint(map, point) as Vec3, expected)).toBeLessThan(1e-9);
    const posed = posedTruth(truth, pose);
    expect(distance(posed.landmarks.thalamus_left as Vec3, expected)).toBeLessThan(1e-9);
    expect(posed.size).toEqual(truth.size);
    posed.axes.forEach((a, k) => {
      expect(distance(a, mat3.apply(rotationFromVector(pose.rotvecDeg), truth.axes[k]))).toBeLessThan(1e-9);
    });
  });

  it("are drawn from angles about x, then y, then z within the limits, and reproducibly", () => {
    for (let i = 0; i < 200; i++) {
      const p = drawPose(new Random(5).fork(i), { maxAngleDeg: 10, maxShiftMm: 7 });
      expect(norm(p.rotvecDeg)).toBeLessThan(Math.sqrt(3) * 10 * 1.02);
      for (const s of p.shiftMm) expect(Math.abs(s)).toBeLessThanOrEqual(7);
    }
    expect(drawPose(new Random(5))).toEqual(drawPose(new Random(5)));
    expect(drawPose(new Random(5), { maxAngleDeg: 0, maxShiftMm: 0 })).toEqual({
      rotvecDeg: [0, 0, 0],
      shiftMm: [0, 0, 0],
    });
  });

  it("mirrored heads keep right-handed axes and swap the names of sides", () => {
    const posed = posedTruth(truth, pose, { mirrored: true });
    expect(mat3.determinant(mat3.fromRows(...posed.axes))).toBeCloseTo(1, 9);
    const along = (p: Vec3) => p.map((v, k) => v - pose.shiftMm[k]).reduce((s, v, k) => s + v * posed.axes[0][k], 0);
    expect(along(posed.landmarks.thalamus_left as Vec3)).toBeGreaterThan(0);
    // The mirrored right thalamus is where the left one was named from: its distance to the mirror plane is kept.
    const plain = posedTruth(truth, pose);
    expect(along(posed.landmarks.thalamus_left as Vec3)).toBeCloseTo(-along(plain.landmarks.thalamus_right as Vec3), 9);
  });

  it("stretching acts along the head's own axes, so that size and landmarks scale exactly", () => {
    const stretch: Vec3 = [0.9, 1.1, 1.05];
    const posed = posedTruth(truth, pose, { stretch });
    posed.size.forEach((s, k) => {
      expect(s).toBeCloseTo(truth.size[k] * stretch[k], 9);
    });
    const inFrame = (t: HeadTruth, p: Vec3) =>
      t.axes.map((a) => a.reduce((s, v, k) => s + v * (p[k] - t.center[k]), 0));
    const before = inFrame(truth, truth.landmarks.thalamus_left as Vec3);
    inFrame(posed, posed.landmarks.thalamus_left as Vec3).forEach((v, k) => {
      expect(v).toBeCloseTo(before[k] * stretch[k], 9);
    });
  });

  it("move a volume with its truth", () => {
    const volume = volumeOf([5, 6, 7], 2, () => 0);
    const map = placement(truth, pose, { mirrored: true, stretch: [1.1, 1, 0.9] });
    const voxel = [1, 4, 2] as const;
    expect(
      distance(
        mapPoint(moveVolume(volume, map).affine, voxel) as Vec3,
        mapPoint(map, mapPoint(volume.affine, voxel)) as Vec3,
      ),
    ).toBeLessThan(1e-9);
  });
});

describe("landmarkTargets", () => {
  it("projects every landmark onto the scouts that show it, and flags what is not on the image or not there", () => {
    const { truth: head } = phantomHead();
    if (!head) throw new Error("the phantom has a truth");
    const planes = scoutPlanes();
    const t = landmarkTargets(head, planes, {
      sagittal: ["brain_stem"],
      coronal: ["thalamus_left"],
      axial: ["thalamus_left", "callosum_genu"],
    });
    expect(t.sagittal[0]).toMatchObject({ name: "brain_stem", pixel: [147.5, 167.5], outside: false });
    expect(t.coronal[0].pixel).toEqual([139.5, 124.5]);
    expect(Math.abs(t.coronal[0].offPlane)).toBeCloseTo(5, 9);
    expect(t.axial[0].pixel).toEqual([139.5, 132.5]);
    expect(t.axial[1].outside).toBe(true);
    const far = { landmarks: { brain_stem: [0, 0, -200] as const } };
    expect(landmarkTargets(far, planes, { sagittal: ["brain_stem"], coronal: [], axial: [] }).sagittal[0].outside).toBe(
      true,
    );
  });
});
