import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { invertAffine, mapPoint, type Point3, type Vec3 } from "../../src/geometry/index.ts";
import { type DicomSeries, type Volume, volumeFromSeries } from "../../src/io/index.ts";
import { readDicomFolder, readVolume } from "../../src/io/node/index.ts";

const root = fileURLToPath(new URL("../../../shared/data/scouts_phantom/", import.meta.url));

/**
 * The reference volume (written by an independent converter) that a series of ours became: the one whose grid holds all
 * of our voxels with the same values. Gives the largest distance between where the two put a voxel, mm.
 */
const distanceTo = (volume: Volume, reference: Volume): number | undefined => {
  const [nx, ny, nz] = volume.size;
  if (volume.data.length !== reference.data.length) return undefined;
  const toReference = invertAffine(reference.affine);
  const [rx, ry] = reference.size;
  let worst = 0;
  for (const k of [0, nz - 1])
    for (let j = 0; j < ny; j += 7)
      for (let i = 0; i < nx; i += 7) {
        const lps = mapPoint(volume.affine, [i, j, k]);
        const index = mapPoint(toReference, lps).map(Math.round) as unknown as Point3<"voxel">;
        if (index.some((v, a) => v < 0 || v >= reference.size[a])) return undefined;
        if (volume.data[i + nx * (j + ny * k)] !== reference.data[index[0] + rx * (index[1] + ry * index[2])])
          return undefined;
        worst = Math.max(worst, Math.hypot(...mapPoint(reference.affine, index).map((v, a) => v - (lps as Vec3)[a])));
      }
  return worst;
};

describe.skipIf(!existsSync(root))("a scanner's own series (shared/data/scouts_phantom)", () => {
  const load = async (name: string): Promise<readonly DicomSeries[]> =>
    (await readDicomFolder(`${root}In/${name}`, { byOrientation: true })).series;
  const references = async (number: string): Promise<Volume[]> => {
    const names = readdirSync(`${root}Ref`).filter((f) => f.startsWith(number) && f.endsWith(".nii.gz"));
    return Promise.all(names.map((f) => readVolume(`${root}Ref/${f}`)));
  };

  test.each([
    ["2001_AAHead_Scout", 4],
    ["3001_AAHead_Scout", 3],
    ["4001_AAHead_Scout", 3],
  ])("%s: %i planes agree with the converter to 0.01 mm", async (name, planes) => {
    const series = await load(name);
    expect(series.length).toBe(planes);
    const others = await references(name.slice(0, 4));
    for (const s of series) {
      const distances = others.flatMap((r) => distanceTo(volumeFromSeries(s), r) ?? []);
      expect(distances.length).toBe(1);
      expect(distances[0]).toBeLessThan(0.01);
    }
  });

  test.each(["1001_AAHead_Scout", "5001_anat-T1w_acq-tfl"])("%s: the stack agrees with the converter", async (name) => {
    const [series] = await load(name);
    const [reference] = await references(name.slice(0, 4));
    const distance = distanceTo(volumeFromSeries(series), reference);
    expect(distance).toBeDefined();
    // The converter takes the step between slices from the first two, whose positions are rounded to 1e-4 mm: over 95
    // steps that alone is 0.0095 mm at the far end. Ours is taken from the first to the last, so that each slice...
    expect(distance).toBeLessThan(0.0102);
    // ... lies where its own header says.
    const volume = volumeFromSeries(series);
    series.slices.forEach((s, k) => {
      const at = mapPoint(volume.affine, [0, 0, k]);
      expect(Math.hypot(...at.map((v, a) => v - s.plane.position[a]))).toBeLessThan(1e-3);
    });
  });

  test("the scouts of one examination share a frame of reference with the volume prescribed from them", async () => {
    const all = await Promise.all(readdirSync(`${root}In`).map(load));
    expect(new Set(all.flat().map((s) => s.frameOfReference)).size).toBe(1);
  });
});
