import { describe, expect, it } from "vitest";
import { add, mat3, type Point3, rotationFromAngles, sub, type Vec3 } from "../../../src/geometry/index.ts";
import { landmarkSets, mirroredName, surfaceLandmarks, surfaceSets } from "../../../src/mri/scouts/index.ts";

const half: Vec3 = [60, 80, 50];
/** The inside of an ellipsoid with `turn`'s columns as its axes, on a grid of 2 mm along the patient's. */
const ellipsoid = (turn: mat3.Mat3): Float64Array => {
  const out: number[] = [];
  const back = mat3.transpose(turn);
  for (let z = -80; z <= 80; z += 2)
    for (let y = -80; y <= 80; y += 2)
      for (let x = -80; x <= 80; x += 2) {
        const p = mat3.apply(back, [x, y, z]);
        if ((p[0] / half[0]) ** 2 + (p[1] / half[1]) ** 2 + (p[2] / half[2]) ** 2 < 1) out.push(x, y, z);
      }
  return Float64Array.from(out);
};
/** A head's pose in which no axis runs along the grid: a layer of voxels would lie level there. */
const turn = rotationFromAngles([10, -7, 12]);
const axes = [mat3.column(turn, 0), mat3.column(turn, 1), mat3.column(turn, 2)] as const;

/** Mean depth along its direction of an ellipsoid's cap that holds `share` of its volume, as a ratio to its tip. */
const capDepth = (share: number): number => {
  // Share of a unit ball beyond h: (2 - 3 h + h^3) / 4; first moment of it: 3 (1 - h^2)^2 / 16.
  let low = 0;
  let high = 1;
  for (let i = 0; i < 60; i++) {
    const h = (low + high) / 2;
    if ((2 - 3 * h + h ** 3) / 4 > share) low = h;
    else high = h;
  }
  return (3 * (1 - low * low) ** 2) / 16 / share;
};

describe("surfaceLandmarks", () => {
  it("finds the caps of an ellipsoid where calculus has them", () => {
    const found = surfaceLandmarks(ellipsoid(turn), axes);
    const near = (name: string, want: Vec3) => {
      const off = Math.hypot(...sub(found[name] as Vec3, mat3.apply(turn, want)));
      expect(off, name).toBeLessThan(0.5);
    };
    const tip = capDepth(0.005);
    near("brain_left", [tip * half[0], 0, 0]);
    near("brain_anterior", [0, -tip * half[1], 0]);
    near("brain_inferior", [0, 0, -tip * half[2]]);
    const cap = capDepth(0.1);
    // A cap across d has its middle along D² d / |D d|, with D the half axes.
    const oblique = (d: Vec3): Vec3 => {
      const long = Math.hypot(...d.map((v, k) => v * half[k]));
      return d.map((v, k) => (cap * v * half[k] ** 2) / long) as unknown as Vec3;
    };
    near("brain_posterior_superior", oblique([0, 1, 1]));
    near("brain_anterior_superior", oblique([0, -1, 1]));
    near("brain_inferior_right", oblique([-1, 0, -1]));
    near("brain_superior_right", oblique([-1, 0, 1]));
    near("brain_anterior_left", oblique([1, -1, 0]));
  });

  it("turns and moves with the head", () => {
    const shift: Vec3 = [11, -5, 3];
    const points = ellipsoid(turn);
    const still = surfaceLandmarks(points, axes);
    const more = rotationFromAngles([-20, 5, 30]);
    const moved = new Float64Array(points.length);
    for (let i = 0; i < points.length; i += 3)
      moved.set(add(mat3.apply(more, [points[i], points[i + 1], points[i + 2]]), shift), i);
    const [l, p, s] = axes.map((a) => mat3.apply(more, a));
    const found = surfaceLandmarks(moved, [l, p, s]);
    for (const [name, at] of Object.entries(still))
      expect(found[name]).toEqual(add(mat3.apply(more, at as Vec3), shift).map((v) => expect.closeTo(v, 3)));
  });

  it("is the landmark itself for a single point", () => {
    const p: Point3<"lps"> = [1, 2, 3];
    for (const found of Object.values(surfaceLandmarks(Float64Array.from(p), axes))) expect(found).toEqual(p);
  });

  it("names every landmark of the scouts' sets, each with its mirrored twin, after the sets' other names", () => {
    const names = Object.keys(surfaceLandmarks(ellipsoid(turn), axes));
    expect([...new Set(Object.values(surfaceSets).flat())].sort()).toEqual([...names].sort());
    for (const name of names) expect(names).toContain(mirroredName(name));
    for (const plane of ["sagittal", "coronal", "axial"] as const)
      expect(landmarkSets[plane].slice(-surfaceSets[plane].length)).toEqual(surfaceSets[plane]);
  });
});
