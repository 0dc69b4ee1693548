import { describe, expect, it } from "vitest";
import { DataError } from "../../../src/errors.ts";
import {
  angleBetween,
  distance,
  type Mat3,
  mat3 as m,
  mat3,
  rotationFromVector,
  type Vec3,
} from "../../../src/geometry/index.ts";
import type { Volume } from "../../../src/io/image.ts";
import { callosalPitch, callosum, museFrame, referenceFrame } from "../../../src/mri/scouts/index.ts";

const size = [100, 120, 100] as const;
const mm = 2;
const offset: Vec3 = [-99, -119, -99];

/** A volume with a cube of each label around its place in the mean head, turned and shifted. */
const labeled = (turn: Mat3, shift: Vec3, skip: (label: number) => boolean = () => false): Volume => {
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  for (const [label, place] of museFrame.meanShape) {
    if (skip(label)) continue;
    const [x, y, z] = mat3.apply(turn, place as Vec3).map((v, k) => Math.round((v + shift[k] - offset[k]) / mm));
    for (let dz = -1; dz <= 1; dz++)
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) data[x + dx + size[0] * (y + dy + size[1] * (z + dz))] = label;
  }
  return { size, data, affine: { linear: [mm, 0, 0, 0, mm, 0, 0, 0, mm], offset } };
};
const axesOf = (v: Volume) => m.fromRows(...referenceFrame(v).axes);

describe("referenceFrame", () => {
  it("of the mean head is the patient's own axes", () => {
    expect(angleBetween(axesOf(labeled(m.identity3, [0, 0, 0])), m.identity3)).toBeLessThan(0.5);
  });

  it("turns with the head", () => {
    const turn = rotationFromVector([10, -12, 8]);
    // Rows are axes: turned ones are A R'.
    const expected = m.multiply(axesOf(labeled(m.identity3, [0, 0, 0])), m.transpose(turn));
    expect(angleBetween(axesOf(labeled(turn, [6, -4, 2])), expected)).toBeLessThan(0.5);
  });

  it("is right-handed, its box holds every labeled voxel, and its faces lie on its axes", () => {
    const volume = labeled(rotationFromVector([5, 5, 5]), [0, 0, 0]);
    const { axes, center, size: extent, landmarks } = referenceFrame(volume);
    expect(m.determinant(m.fromRows(...axes))).toBeCloseTo(1, 9);
    let outside = 0;
    volume.data.forEach((label, i) => {
      if (label === 0) return;
      const p: Vec3 = [
        offset[0] + mm * (i % size[0]),
        offset[1] + mm * (Math.floor(i / size[0]) % size[1]),
        offset[2] + mm * Math.floor(i / (size[0] * size[1])),
      ];
      axes.forEach((a, k) => {
        if (Math.abs(a.reduce((s, v, j) => s + v * (p[j] - center[j]), 0)) > extent[k] / 2 + 1e-9) outside++;
      });
    });
    expect(outside).toBe(0);
    expect(distance(landmarks.box_centre as Vec3, center as Vec3)).toBe(0);
    const half = landmarks.face_left.map((v, k) => v - center[k]) as unknown as Vec3;
    expect(Math.abs(half.reduce((s, v, k) => s + v * axes[0][k], 0))).toBeCloseTo(distance(half, [0, 0, 0]), 9);
  });

  it("leaves out landmarks whose labels are missing, and says null for the pitch without a callosum", () => {
    const { landmarks, callosalPitchDeg } = referenceFrame(
      labeled(m.identity3, [0, 0, 0], (l) => l === 59 || l === 95),
    );
    expect(landmarks.thalamus_left).toBeDefined();
    expect(landmarks.thalamus_right).toBeUndefined();
    expect(landmarks.thalamus_midpoint).toBeUndefined();
    expect(landmarks.callosum_genu).toBeUndefined();
    expect(callosalPitchDeg).toBeNull();
  });

  it("refuses what is no label volume, naming the cure", () => {
    const empty = labeled(m.identity3, [0, 0, 0], () => true);
    expect(() => referenceFrame(empty)).toThrow(/no voxel is above 0/);
    const few = labeled(m.identity3, [0, 0, 0], (l) => l > 40);
    expect(() => referenceFrame(few)).toThrow(/left\/right pairs are there, 4 are needed/);
    const gray = { ...empty, data: Float32Array.from(empty.data, () => 0.5) };
    expect(() => referenceFrame(gray)).toThrow(DataError);
  });
});

describe("callosum", () => {
  // An arch in the plane x = 0: y from -30 to 30, highest in the middle, three voxels wide.
  const arch: Vec3[] = [];
  for (let y = -30; y <= 30; y++)
    for (let x = -1; x <= 1; x++) for (let t = 0; t < 3; t++) arch.push([x, y, 20 - (y * y) / 45 + t]);

  it("finds genu, splenium and the lowest points of an arch", () => {
    const found = callosum(arch, [1, 0, 0], [0, 0, 0]);
    if (!found) throw new Error("an arch of 549 points is enough");
    expect(found.genu[1]).toBeCloseTo(-22.5, 0);
    expect(found.splenium[1]).toBeCloseTo(22.5, 0);
    expect(found.lowestAnterior[0]).toBe(0);
    expect(found.lowestAnterior[2]).toBeLessThan(4);
    expect(callosalPitch(found, [0, 1, 0], [0, 0, 1])).toBeCloseTo(0, 6);
  });

  it("tilts with the arch, positive where the back end is higher", () => {
    const tilt = rotationFromVector([6, 0, 0]);
    const found = callosum(
      arch.map((p) => mat3.apply(tilt, p)),
      [1, 0, 0],
      [0, 0, 0],
    );
    if (!found) throw new Error("an arch of 549 points is enough");
    expect(callosalPitch(found, [0, 1, 0], [0, 0, 1])).toBeGreaterThan(4);
    expect(callosalPitch(found, [0, 1, 0], [0, 0, 1])).toBeLessThan(8);
  });

  it("is undefined for too few voxels near the plane", () => {
    expect(callosum(arch.slice(0, 100), [1, 0, 0], [0, 0, 0])).toBeUndefined();
    expect(callosum(arch, [1, 0, 0], [40, 0, 0])).toBeUndefined();
  });
});
