import type { Volume } from "../../../src/io/image.ts";
import type { Head, HeadTruth } from "../../../src/mri/scouts/index.ts";

/** A volume of `size` voxels of `mm`, its middle at the origin, filled from patient coordinates. */
export const volumeOf = (
  size: readonly [number, number, number],
  mm: number,
  value: (x: number, y: number, z: number) => number,
  Data: new (n: number) => Volume["data"] = Float32Array,
): Volume => {
  const data = new Data(size[0] * size[1] * size[2]);
  const offset = size.map((n) => -((n - 1) / 2) * mm) as [number, number, number];
  let at = 0;
  for (let z = 0; z < size[2]; z++)
    for (let y = 0; y < size[1]; y++)
      for (let x = 0; x < size[0]; x++) data[at++] = value(offset[0] + x * mm, offset[1] + y * mm, offset[2] + z * mm);
  return { size, data, affine: { linear: [mm, 0, 0, 0, mm, 0, 0, 0, mm], offset } };
};

/** A skull on a neck that the volume's lower face cuts (at z = -132), in air with a faint texture. */
export const phantomHead = (): Head => {
  const volume = volumeOf(
    [90, 120, 132],
    2,
    (x, y, z) => {
      if ((x / 70) ** 2 + (y / 90) ** 2 + (z / 80) ** 2 < 1) return 100 + (x > 0 ? 20 : 0) + (y < 0 ? 10 : 0);
      if (z < -40 && (x / 45) ** 2 + ((y - 20) / 50) ** 2 < 1) return 80;
      return Math.abs(Math.round(x) * 7 + Math.round(y) * 3 + Math.round(z)) % 3;
    },
    Uint8Array,
  );
  const truth: HeadTruth = {
    axes: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    center: [0, 0, 0],
    size: [140, 180, 160],
    landmarks: {
      thalamus_left: [12, 5, 3],
      thalamus_right: [-12, 5, 4],
      box_centre: [0, 0, 0],
      brain_stem: [0, 20, -40],
    },
    callosalPitchDeg: 3,
  };
  return { subject: "phantom", volume, truth };
};
