import type { Volume } from "../../io/image.ts";
import { airShare, volumeFacts } from "./volume-facts.ts";

/** Within this distance of the volume's faces (mm) what is dark fades out. */
const fadeMm = 16;

const cleared = new WeakMap<Volume, Volume>();

/** For each index along an axis: 0 at both ends, rising to 1 at `fadeMm` from them. */
const fade = (n: number, mm: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => Math.min(1, (Math.min(i, n - 1 - i) * mm) / fadeMm));

/**
 * A copy of a volume whose air is exactly 0, so that it does not matter for the scouts where the volume ends: its own air has a
 * texture (quantization, ghosts) that would show its faces as straight edges, turned with the head. Up to the gray of
 * the air on the faces voxels become 0, from twice that on they stay, with a ramp between; near the faces darker grays
 * than tissue's fade as well. Made once for each volume object.
 */
export const clearAir = (volume: Volume): Volume => {
  const known = cleared.get(volume);
  if (known) return known;
  const { air, bright } = volumeFacts(volume);
  const { size, affine } = volume;
  const [nx, ny, nz] = size;
  const data = volume.data.slice();
  const [fx, fy, fz] = ([0, 1, 2] as const).map((k) =>
    fade(size[k], Math.hypot(affine.linear[k], affine.linear[3 + k], affine.linear[6 + k])),
  );
  const tissue = airShare * bright;
  for (let z = 0, at = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, at++) {
        const v = data[at];
        if (v >= 2 * air && v >= tissue) continue;
        const bare = v >= 2 * air ? v : v <= air ? 0 : 2 * (v - air);
        data[at] = v >= tissue ? bare : bare * Math.min(fx[x], fy[y], fz[z]);
      }
  const out = { ...volume, data };
  cleared.set(volume, out);
  return out;
};
