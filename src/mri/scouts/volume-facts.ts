import { type Affine, mapPoint, type Point3, type Vec3 } from "../../geometry/index.ts";
import type { Volume } from "../../io/image.ts";

/** What a simulator must know of a volume: how bright it is, and where tissue is cut by its faces. */
export interface VolumeFacts {
  /** 99th percentile of the gray values: nearly the brightest tissue. */
  readonly bright: number;
  /** Gray value that the air on the volume's faces hardly ever exceeds. */
  readonly air: number;
  /** Voxels of tissue on the volume's six faces, LPS mm triples; the anatomy goes on beyond them. */
  readonly cutTissue: Float64Array;
  /** Outward unit normal of the face each of them lies on, in voxel axes: 0 -i, 1 +i, 2 -j, 3 +j, 4 -k, 5 +k. */
  readonly cutFace: Uint8Array;
}

/** Gray values below this share of `bright` count as air. */
export const airShare = 0.12;

const known = new WeakMap<Volume, VolumeFacts>();

const percentile = (data: Volume["data"], share: number): number => {
  // A few ten thousand voxels are enough; a prime stride meets all columns and rows.
  const stride = Math.max(1, Math.floor(data.length / 40000)) | 1;
  const sample = new Float64Array(Math.ceil(data.length / stride));
  for (let i = 0, k = 0; i < data.length; i += stride) sample[k++] = data[i];
  sample.sort();
  return sample[Math.floor(share * (sample.length - 1))];
};

/** Calls `visit` for every voxel of the six faces. */
const eachFaceVoxel = (
  [nx, ny, nz]: Volume["size"],
  visit: (x: number, y: number, z: number, face: number) => void,
): void => {
  for (let y = 0; y < ny; y++)
    for (let z = 0; z < nz; z++) {
      visit(0, y, z, 0);
      visit(nx - 1, y, z, 1);
    }
  for (let x = 0; x < nx; x++) {
    for (let z = 0; z < nz; z++) {
      visit(x, 0, z, 2);
      visit(x, ny - 1, z, 3);
    }
    for (let y = 0; y < ny; y++) {
      visit(x, y, 0, 4);
      visit(x, y, nz - 1, 5);
    }
  }
};

/** 99th percentile of the air on the faces that cut hardly any tissue: around the neck it is no clean air. */
const airCeiling = (air: readonly number[][], tissue: readonly number[]): number => {
  const clean = air.filter((values, face) => tissue[face] < 0.02 * values.length);
  const values = Float64Array.from((clean.length > 0 ? clean : air).flat()).sort();
  return values.length > 0 ? values[Math.floor(0.99 * (values.length - 1))] : 0;
};

/** Facts of a volume in its own patient frame; computed once for each volume object. */
export const volumeFacts = (volume: Volume): VolumeFacts => {
  const cached = known.get(volume);
  if (cached) return cached;
  const { data, size, affine } = volume;
  const bright = percentile(data, 0.99);
  const points: number[] = [];
  const faces: number[] = [];
  const air: number[][] = [[], [], [], [], [], []];
  const tissue = [0, 0, 0, 0, 0, 0];
  eachFaceVoxel(size, (x, y, z, face) => {
    const value = data[x + size[0] * (y + size[1] * z)];
    if (value > airShare * bright) {
      points.push(...mapPoint(affine as Affine<"voxel", "lps">, [x, y, z]));
      faces.push(face);
      tissue[face]++;
    } else air[face].push(value);
  });
  const facts = {
    bright,
    air: airCeiling(air, tissue),
    cutTissue: Float64Array.from(points),
    cutFace: Uint8Array.from(faces),
  };
  known.set(volume, facts);
  return facts;
};

/**
 * A center for heads without labels, near enough to the brain's middle to scout them: 65 mm below the top of the tissue
 *, in the middle of the tissue of that height.
 */
export const tissueCenter = (volume: Volume): Point3<"lps"> => {
  const { data, size, affine } = volume;
  const limit = 2 * airShare * volumeFacts(volume).bright;
  const tissue: Vec3[] = [];
  const [nx, ny, nz] = size;
  for (let z = 0; z < nz; z += 2)
    for (let y = 0; y < ny; y += 2)
      for (let x = 0; x < nx; x += 2)
        if (data[x + nx * (y + ny * z)] > limit) tissue.push(mapPoint(affine, [x, y, z]) as Vec3);
  if (tissue.length === 0) return mapPoint(affine, [(nx - 1) / 2, (ny - 1) / 2, (nz - 1) / 2]) as Point3<"lps">;
  const heights = Float64Array.from(tissue, (p) => p[2]).sort();
  const z = heights[Math.floor(0.999 * (heights.length - 1))] - 65;
  const level = tissue.filter((p) => Math.abs(p[2] - z) < 40);
  const middle = (axis: 0 | 1): number => {
    const along = Float64Array.from(level, (p) => p[axis]).sort();
    return (along[Math.floor(0.01 * (along.length - 1))] + along[Math.ceil(0.99 * (along.length - 1))]) / 2;
  };
  return [middle(0), middle(1), z];
};
