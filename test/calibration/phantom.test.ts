import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import dicomParser from "dicom-parser";
import { describe, expect, it } from "vitest";
import { bestTriple, planeAngle } from "../../src/calibration/index.ts";
import {
  invertAffine,
  lpsFromRas,
  mapPoint,
  normal,
  type Plane,
  patientFromPixel,
  planeClass,
  type Vec3,
} from "../../src/geometry/index.ts";
import type { Mat3 } from "../../src/geometry/mat3.ts";
import { add, distance, dot, sub } from "../../src/geometry/vec3.ts";

const folder = new URL("../../../shared/data/scouts_phantom/", import.meta.url);
const series = ["2001_AAHead_Scout", "3001_AAHead_Scout", "4001_AAHead_Scout", "5001_anat-T1w_acq-tfl"];

/** A slice's plane and pixels, read with nothing but the parser. */
const readSlice = (bytes: Buffer) => {
  const set = dicomParser.parseDicom(new Uint8Array(bytes));
  const numbers = (tag: string) => (set.string(tag) ?? "").split("\\").map(Number);
  const orientation = numbers("x00200037");
  const [betweenRows, betweenColumns] = numbers("x00280030");
  const rows = set.uint16("x00280010") ?? 0;
  const columns = set.uint16("x00280011") ?? 0;
  const plane: Plane = {
    position: numbers("x00200032") as unknown as Vec3,
    columnDirection: orientation.slice(0, 3) as unknown as Vec3,
    rowDirection: orientation.slice(3) as unknown as Vec3,
    spacing: [betweenRows, betweenColumns],
    rows,
    columns,
    thickness: numbers("x00180050")[0],
  };
  const at = set.elements.x7fe00010.dataOffset;
  const pixel = (c: number, r: number) => bytes.readUInt16LE(at + 2 * (c + columns * r));
  return { plane, pixel, frame: set.string("x00200052") };
};

/** The converter's volume: size, voxel values, and its own sform, with RAS turned to LPS. */
const readNifti = (bytes: Buffer) => {
  const size = [0, 1, 2].map((k) => Math.max(1, bytes.readInt16LE(42 + 2 * k)));
  const row = (k: number) => [0, 1, 2, 3].map((c) => bytes.readFloatLE(280 + 16 * k + 4 * c));
  const rows = [row(0).map((v) => -v), row(1).map((v) => -v), row(2)];
  const affine = {
    linear: rows.flatMap((r) => r.slice(0, 3)) as unknown as Mat3,
    offset: rows.map((r) => r[3]) as unknown as Vec3,
  };
  const start = bytes.readFloatLE(108);
  const voxel = (i: number, j: number, k: number) => bytes.readInt16LE(start + 2 * (i + size[0] * (j + size[1] * k)));
  return { size, affine, voxel };
};

const list = (sub: string) => readdirSync(new URL(sub, folder)).sort();
const load = (name: string) => gunzipSync(readFileSync(new URL(name, folder)));

describe.skipIf(!existsSync(folder))("a scanner's own headers (needs ../shared/data/scouts_phantom)", () => {
  for (const name of series)
    it(`${name}: each pixel lies where the independent converter has it, within 0.01 mm`, () => {
      const volumes = list("Ref")
        .filter((f) => f.startsWith(name) && f.endsWith(".nii.gz"))
        .map((f) => readNifti(load(`Ref/${f}`)));
      const slices = list(`In/${name}`).map((f) => readSlice(load(`In/${name}/${f}`)));
      expect(slices.length).toBeGreaterThan(2);
      const first = slices[0].plane;
      const n = slices.length;
      // The converter takes a volume's slice step from the first two headers, whose positions have six digits: 2.0001 mm
      // in 5001, where all 96 give 2.000001. That adds up to 0.01 mm at the far end and is taken out here.
      const stack = volumes.length === 1;
      const slip = stack
        ? distance(slices[1].plane.position, first.position) -
          distance(slices[n - 1].plane.position, first.position) / (n - 1)
        : 0;
      expect(Math.abs(slip)).toBeLessThan(1.1e-4);
      slices.forEach(({ plane, pixel }, k) => {
        const away = normal(plane).map(
          (v) => v * k * slip * Math.sign(dot(normal(plane), sub(slices[n - 1].plane.position, first.position))),
        ) as unknown as Vec3;
        // Corners, and places inside whose values tell a flip or a transposition.
        const right = plane.columns - 1;
        const bottom = plane.rows - 1;
        const places = [
          [0, 0],
          [right, 0],
          [0, bottom],
          [right, bottom],
          [40, 71],
          [90, 55],
          [66, 100],
        ] as const;
        const matches = volumes.filter((v) =>
          places.every(([c, r]) => {
            const ours = patientFromPixel(plane, [c, r]);
            const near = mapPoint(invertAffine(v.affine), ours).map(Math.round) as unknown as Vec3;
            if (near.some((i, axis) => i < 0 || i >= v.size[axis])) return false;
            const off = distance(mapPoint(v.affine, near), add(ours, away));
            return off < 0.01 && v.voxel(near[0], near[1], near[2]) === pixel(c, r);
          }),
        );
        expect(matches.length, `slice ${k}`).toBe(1);
      });
    });

  it("its three scouts are one frame of reference and nearly orthogonal, and each is what its series says", () => {
    const slices = series.map((name) => {
      const files = list(`In/${name}`);
      return readSlice(load(`In/${name}/${files[Math.floor(files.length / 2)]}`));
    });
    expect(slices.slice(0, 3).map((s) => planeClass(s.plane))).toEqual(["sagittal", "coronal", "axial"]);
    expect(new Set(slices.map((s) => s.frame)).size).toBe(1);
    expect(planeAngle(slices[0].plane, slices[1].plane)).toBeGreaterThan(80);
    expect(bestTriple(slices.slice(0, 3).map((s) => s.plane))?.angle).toBeGreaterThan(80);
  });

  it("the converter's RAS is our LPS with x and y turned round", () => {
    expect(lpsFromRas([1, 2, 3])).toEqual([-1, -2, 3]);
  });
});
