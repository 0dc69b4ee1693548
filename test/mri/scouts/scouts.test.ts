import { describe, expect, it } from "vitest";
import { invertAffine, mapPoint, type Point3, patientFromPixel, planeClass } from "../../../src/geometry/index.ts";
import {
  drawPose,
  headPlacement,
  moveVolume,
  networkGrid,
  type Pose,
  type ScoutImage,
  scoutPlanes,
  simulateScouts,
  sliceHead,
  trainingTriplet,
} from "../../../src/mri/scouts/index.ts";
import { Random } from "../../../src/random.ts";
import { phantomHead } from "./phantom.ts";

const head = phantomHead();
const poses = Array.from({ length: 6 }, (_, i) => drawPose(new Random(9).fork(i)));

/** Pixels within `mm` of the volume's rotated faces, on either side of them, as [inside, outside] gray values. */
const aroundFaces = (scout: ScoutImage, pose: Pose, mm: number): { inside: number[]; outside: number[] } => {
  const back = invertAffine(moveVolume(head.volume, headPlacement(head, pose)).affine);
  const inside: number[] = [];
  const outside: number[] = [];
  for (let r = 0; r < scout.height; r++)
    for (let c = 0; c < scout.width; c++) {
      const v = mapPoint(back, patientFromPixel(scout.plane, [c, r]) as Point3<"lps">);
      const depth = Math.min(...v.map((x, k) => Math.min(x + 0.5, head.volume.size[k] - 0.5 - x))) * 2;
      const shown = patientFromPixel(scout.plane, [c, r]);
      if (Math.abs(depth) > mm || shown[2] > 0) continue;
      (depth > 0 ? inside : outside).push(scout.data[r * scout.width + c]);
    }
  return { inside, outside };
};
const mean = (v: readonly number[]) => v.reduce((a, b) => a + b, 0) / v.length;

describe("simulated scouts", () => {
  it("are 256 x 256 at 1 mm and 5 mm thick, through the isocenter, shown as radiologists do", () => {
    const scouts = simulateScouts(head, poses[0], { random: new Random(1) });
    expect(scouts.map((s) => s.planeClass)).toEqual(["sagittal", "coronal", "axial"]);
    for (const s of scouts) {
      expect([s.width, s.height, s.plane.thickness, ...s.plane.spacing]).toEqual([256, 256, 5, 1, 1]);
      expect(planeClass(s.plane)).toBe(s.planeClass);
      expect(patientFromPixel(s.plane, [127.5, 127.5])).toEqual([0, 0, 0].map((v) => expect.closeTo(v, 9)));
    }
    expect(scouts.map((s) => [s.plane.columnDirection, s.plane.rowDirection])).toEqual([
      [
        [0, 1, 0],
        [0, 0, -1],
      ],
      [
        [1, 0, 0],
        [0, 0, -1],
      ],
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
    ]);
  });

  it("carry the same geometry for every pose: no header gives the pose away", () => {
    const geometry = (pose: Pose, seed: number) =>
      JSON.stringify(
        simulateScouts(head, pose, { random: new Random(seed) }).map((s) => [
          s.plane,
          s.planeClass,
          s.frameOfReference,
        ]),
      );
    const all = new Set(poses.map((p, i) => geometry(p, i)));
    expect(all.size).toBe(1);
    expect(JSON.parse([...all][0])[0][0]).toEqual(JSON.parse(JSON.stringify(scoutPlanes().sagittal)));
  });

  it("show nothing of the volume's rotated edge: what lies on both sides of it has the gray of air", () => {
    for (const [i, pose] of poses.entries())
      for (const scout of simulateScouts(head, pose, {
        random: new Random(i),
        noise: 0.03,
        neckCutMm: [-112, -100],
      }).slice(0, 2)) {
        const deviation = 0.03 * 130;
        // Air is Rayleigh distributed: mean 1.2533, deviation 0.6551 of the noise's.
        const { inside, outside } = aroundFaces(scout, pose, 2);
        expect(outside.length).toBeGreaterThan(100);
        for (const side of [inside, outside]) {
          const error = (4 * 0.6551 * deviation) / Math.sqrt(side.length);
          expect(Math.abs(mean(side) - 1.2533 * deviation), `pose ${i} ${scout.planeClass}`).toBeLessThan(error);
        }
      }
  });

  it("would show that edge without the cut", () => {
    const steep: Pose = { rotvecDeg: [15, 0, 0], shiftMm: [0, 0, 15] };
    const cut = sliceHead(head, steep, { random: new Random(2) })[0];
    const plain = sliceHead({ ...head, volume: { ...head.volume } }, steep, {
      random: new Random(2),
      neckCutMm: null,
      reachMm: -1,
    })[0];
    expect(Math.max(...aroundFaces(plain, steep, 2).inside)).toBeGreaterThan(60);
    expect(Math.max(...aroundFaces(cut, steep, 2).inside)).toBe(0);
  });

  it("end the neck in a straight row of the image, at a height that does not follow the pose", () => {
    const lowestRow = (pose: Pose, seed: number) => {
      const [sagittal] = sliceHead(head, pose, { random: new Random(seed), neckCutMm: [-100, -80] });
      for (let r = 255; r >= 0; r--) if (sagittal.data.subarray(r * 256, r * 256 + 256).some((v) => v > 0)) return r;
      return -1;
    };
    const rows = poses.map((p) => lowestRow(p, 4));
    expect(new Set(rows).size).toBe(1);
    expect(new Set([4, 5, 6, 7].map((seed) => lowestRow(poses[0], seed))).size).toBeGreaterThan(1);
  });

  it("are decided by the random stream alone", () => {
    const [a, b, c] = [3, 3, 4].map((seed) => simulateScouts(head, poses[1], { random: new Random(seed) })[2].data);
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  it("put the head where the pose says", () => {
    const shifted: Pose = { rotvecDeg: [0, 0, 0], shiftMm: [10, -6, 4] };
    const [still, moved] = [{ rotvecDeg: [0, 0, 0], shiftMm: [0, 0, 0] } as Pose, shifted].map(
      (p) => sliceHead(head, p, { random: new Random(1) })[2].data,
    );
    const middle = (data: Float32Array) => {
      let [sum, x, y] = [0, 0, 0];
      data.forEach((v, i) => {
        if (v <= 50) return;
        sum++;
        x += i % 256;
        y += Math.floor(i / 256);
      });
      return [x / sum, y / sum];
    };
    expect(middle(moved)[0] - middle(still)[0]).toBeCloseTo(10, 0);
    expect(middle(moved)[1] - middle(still)[1]).toBeCloseTo(-6, 0);
  });

  it("work without truth, about the tissue's middle", () => {
    const scouts = simulateScouts({ ...head, truth: null }, poses[0], { random: new Random(1) });
    expect(scouts.every((s) => s.data.every(Number.isFinite))).toBe(true);
  });
});

describe("trainingTriplet", () => {
  it("gives finite, normalized images on the network's grid, and a truth in the drawn pose", () => {
    const t = trainingTriplet(head, new Random(11));
    expect(t.images.length).toBe(3 * 128 * 128);
    expect(t.scouts[1].data.buffer).toBe(t.images.buffer);
    expect(t.planes.axial).toEqual(scoutPlanes(networkGrid).axial);
    for (const s of t.scouts) {
      const sorted = Float32Array.from(s.data).sort();
      expect(Math.abs(sorted[Math.floor(0.1 * sorted.length)])).toBeLessThan(0.05);
      expect(sorted[Math.floor(0.98 * sorted.length)]).toBeGreaterThan(0.7);
      expect(sorted[Math.floor(0.98 * sorted.length)]).toBeLessThan(1.3);
      expect(sorted[sorted.length - 1]).toBeLessThanOrEqual(3);
    }
    expect(t.truth?.center).toEqual(t.pose.shiftMm);
  });

  it("is reproducible, and different for other streams", () => {
    expect(trainingTriplet(head, new Random(1)).images).toEqual(trainingTriplet(head, new Random(1)).images);
    expect(trainingTriplet(head, new Random(1)).images).not.toEqual(trainingTriplet(head, new Random(2)).images);
  });

  it("mirrors the anatomy itself: left is brighter in the phantom, right in its mirror image", () => {
    const still = { maxAngleDeg: 0, maxShiftMm: 0, stretch: 0, contrast: 0, gamma: 1, bias: 0, noise: 0, gain: 0 };
    const sides = (mirror: number) => {
      const { data } = trainingTriplet(head, new Random(1), { ...still, mirror }).scouts[2];
      return [data[80 * 128 + 50], data[80 * 128 + 77]];
    };
    const [plainRight, plainLeft] = sides(0);
    const [mirroredRight, mirroredLeft] = sides(1);
    expect(plainLeft).toBeGreaterThan(plainRight);
    expect(mirroredRight).toBeCloseTo(plainLeft, 5);
    expect(mirroredLeft).toBeCloseTo(plainRight, 5);
  });
});
