/**
 * Makes the data of examples/scouts again: tsx --conditions=fiducial-source scripts/example-scouts.ts T1.nii.gz
 * T1.nii.gz is Colin27 at 1 mm. The volume is averaged over 2 x 2 x 2 voxels; the scouts are what
 * `fiducial mri simulate examples/scouts/colin27-2mm.nii.gz --poses examples/scouts/pose.json` writes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { mapPoint, mat3, type Point3 } from "../src/geometry/index.ts";
import { readNifti, type Volume, writeNifti } from "../src/io/index.ts";
import { readVolume } from "../src/io/node/index.ts";
import { examination, poseFile } from "../src/mri/scouts/index.ts";

const [source] = process.argv.slice(2);
if (!source) {
  console.error("usage: tsx --conditions=fiducial-source scripts/example-scouts.ts T1.nii.gz");
  process.exit(2);
}
const place = (name: string): string => fileURLToPath(new URL(`../examples/scouts/${name}`, import.meta.url));

/** Means of 2 x 2 x 2 voxels, rounded to 8 bits; an odd last voxel is left out. */
const halved = ({ size, data, affine }: Volume): Volume => {
  const [nx, ny] = size;
  const half = size.map((n) => n >> 1) as [number, number, number];
  const out = new Uint8Array(half[0] * half[1] * half[2]);
  let at = 0;
  for (let z = 0; z < half[2]; z++)
    for (let y = 0; y < half[1]; y++)
      for (let x = 0; x < half[0]; x++) {
        let sum = 0;
        for (let k = 0; k < 8; k++)
          sum += data[2 * x + (k & 1) + nx * (2 * y + ((k >> 1) & 1) + ny * (2 * z + (k >> 2)))];
        out[at++] = Math.round(sum / 8);
      }
  const middle = [0.5, 0.5, 0.5] as unknown as Point3<"voxel">;
  return {
    size: half,
    data: out,
    affine: { linear: mat3.multiply(affine.linear, [2, 0, 0, 0, 2, 0, 0, 0, 2]), offset: mapPoint(affine, middle) },
  };
};

const bytes = writeNifti(halved(await readVolume(source)), { gzip: true });
writeFileSync(place("colin27-2mm.nii.gz"), bytes);
const [pose] = poseFile.parse(JSON.parse(readFileSync(place("pose.json"), "utf8")));
const head = { subject: "colin27-2mm", volume: readNifti(bytes), truth: null };
for (const [name, dicom] of examination(head, pose, 0)) writeFileSync(place(name), dicom);
console.log(`${(bytes.length / 1e6).toFixed(2)} MB of volume and three scouts in ${place("")}`);
