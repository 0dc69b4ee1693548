import { describe, expect, it } from "vitest";
import { angleBetween, type Mat3, mapPoint, mat3, type Vec3 } from "../../../src/geometry/index.ts";
import { exampleHeads, type MadeHead, makeHead } from "../../../src/mri/phantom/index.ts";
import { museFrame, referenceFrame } from "../../../src/mri/scouts/index.ts";
import { Random } from "../../../src/random.ts";

const heads = [...exampleHeads(new Random(11), 4)];

const counts = (h: MadeHead): Map<number, number> => {
  const n = new Map<number, number>();
  for (const l of h.labels.data) n.set(l, (n.get(l) ?? 0) + 1);
  return n;
};

/** Voxels of a label, in mm, along the head's own left from the plane in which it was placed mirror-symmetric. */
const centroidLeft = (h: MadeHead, label: number): number => {
  const [ni, nj] = h.labels.size;
  let sum = 0;
  let n = 0;
  h.labels.data.forEach((l, o) => {
    if (l !== label) return;
    const p = mapPoint(h.labels.affine, [o % ni, Math.floor(o / ni) % nj, Math.floor(o / (ni * nj))]);
    const left = mat3.row(h.axes, 0);
    for (let a = 0; a < 3; a++) sum += left[a] * (p[a] - h.center[a]);
    n++;
  });
  return sum / n;
};

const columns = (axes: readonly Vec3[]): Mat3 => mat3.fromColumns(axes[0], axes[1], axes[2]);

describe("made heads", () => {
  it("repeat bit for bit, whatever was drawn from the stream or made before", () => {
    const stream = new Random(11).fork(2);
    stream.uniform();
    const again = makeHead(stream);
    expect(again.axes).toEqual(heads[2].axes);
    expect(again.volume.affine).toEqual(heads[2].volume.affine);
    expect(Buffer.compare(Buffer.from(again.volume.data.buffer), Buffer.from(heads[2].volume.data.buffer))).toBe(0);
    expect(Buffer.compare(Buffer.from(again.labels.data.buffer), Buffer.from(heads[2].labels.data.buffer))).toBe(0);
  });

  it("lie on one grid of 2 mm with picture and labels", () => {
    for (const h of heads) {
      expect(h.volume.size).toEqual([120, 120, 90]);
      expect(h.labels.size).toEqual(h.volume.size);
      expect(h.labels.affine).toEqual(h.volume.affine);
      expect(Math.abs(mat3.determinant(h.volume.affine.linear))).toBeCloseTo(8, 9);
    }
  });

  it("hold every region that the reference frame is made of", () => {
    const wanted = [...museFrame.pairs.flat(), ...museFrame.midline];
    for (const h of heads) {
      const n = counts(h);
      expect(wanted.filter((l) => (n.get(l) ?? 0) < 3)).toEqual([]);
    }
  });

  it("have the reference frame of the pose they were made in, within a degree", () => {
    for (const h of heads) {
      const truth = referenceFrame(h.labels);
      expect(angleBetween(columns(truth.axes), mat3.transpose(h.axes))).toBeLessThan(1);
      for (let a = 0; a < 3; a++) expect(Math.abs(truth.center[a] - h.center[a])).toBeLessThan(6);
    }
  });

  it("follow a pose that is asked for", () => {
    const rotation: Vec3 = [12, -7, 9];
    const h = makeHead(new Random(5), { rotation, shift: [4, 10, 15] });
    const level = makeHead(new Random(5), { rotation: [0, 0, 0], shift: [4, 10, 15] });
    const turned = angleBetween(columns(referenceFrame(level.labels).axes), columns(referenceFrame(h.labels).axes));
    expect(turned).toBeGreaterThan(Math.hypot(...rotation) - 0.7);
    expect(turned).toBeLessThan(Math.hypot(...rotation) + 0.7);
  });

  it("have midline regions on the midline and pairs on their own sides", () => {
    for (const h of heads) {
      for (const l of museFrame.midline) expect(Math.abs(centroidLeft(h, l))).toBeLessThan(4);
      for (const [l, r] of [
        [60, 59],
        [82, 81],
        [41, 40],
        [101, 100],
      ]) {
        expect(centroidLeft(h, l)).toBeGreaterThan(0);
        expect(centroidLeft(h, r)).toBeLessThan(0);
      }
    }
  });

  it("have the size of adults' brains, and differ in size, contrast and pose", () => {
    const sizes = heads.map((h) => referenceFrame(h.labels).size);
    // Mean of real adults 132 x 171 x 139 mm, deviations about 5, 8 and 7.
    const mean = [0, 1, 2].map((a) => sizes.reduce((s, v) => s + v[a] / sizes.length, 0));
    [132, 171, 139].forEach((v, a) => {
      expect(Math.abs(mean[a] - v)).toBeLessThan(14);
      expect(Math.max(...sizes.map((s) => s[a])) - Math.min(...sizes.map((s) => s[a]))).toBeGreaterThan(3);
    });
    const whites = heads.map((h) => {
      const gray = [...h.volume.data].filter((_, o) => h.labels.data[o] === 81 || h.labels.data[o] === 82);
      return gray.reduce((s, v) => s + v, 0) / gray.length;
    });
    expect(new Set(whites.map((w) => Math.round(w))).size).toBeGreaterThan(2);
    expect(
      angleBetween(
        columns([0, 1, 2].map((r) => mat3.row(heads[0].axes, r as 0 | 1 | 2))),
        columns([0, 1, 2].map((r) => mat3.row(heads[1].axes, r as 0 | 1 | 2))),
      ),
    ).toBeGreaterThan(0.5);
  });

  it("look like T1: white brighter than gray, gray than liquor, air dark; the neck reaches the lower edge", () => {
    for (const h of heads) {
      const sums = new Map<number, [number, number]>();
      h.labels.data.forEach((l, o) => {
        const s = sums.get(l) ?? [0, 0];
        sums.set(l, [s[0] + h.volume.data[o], s[1] + 1]);
      });
      const mean = (...labels: number[]): number => {
        const s = labels.map((l) => sums.get(l) ?? [0, 0]);
        return s.reduce((a, b) => a + b[0], 0) / s.reduce((a, b) => a + b[1], 0);
      };
      expect(mean(81, 82, 85, 86)).toBeGreaterThan(1.1 * mean(142, 143, 190, 191));
      expect(mean(100, 101, 138, 139)).toBeGreaterThan(1.1 * mean(51, 52));
      const [ni, nj, nk] = h.volume.size;
      let neck = 0;
      let top = 0;
      for (let k = 0; k < nk; k++)
        for (let i = 0; i < ni; i++) {
          neck += h.volume.data[i + ni * nj * k] > 25 ? 1 : 0;
          top += h.volume.data[i + ni * (nj - 1 + nj * k)] > 25 ? 1 : 0;
        }
      expect(neck).toBeGreaterThan(800);
      expect(top).toBe(0);
    }
  });
});
