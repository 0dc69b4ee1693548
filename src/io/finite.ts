import { DataError } from "../errors.ts";
import type { Image, Volume } from "./image.ts";

const numbers = (data: Image["data"] | Volume["data"]): boolean =>
  data instanceof Float32Array || data instanceof Float64Array;

/**
 * Throws DataError, naming the first place and how many there are, where a picture or volume holds NaN or infinity: one
 * such pixel spoils whatever is computed from it. `what` heads the message: the file, or "scout 1 of 3".
 */
export const checkFinite = (what: string, { data, ...of }: Image | Volume): void => {
  if (!numbers(data)) return;
  let first = -1;
  let count = 0;
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i])) {
      if (count++ === 0) first = i;
    }
  if (count === 0) return;
  const [nx, ny] = "size" in of ? of.size : [of.width, of.height];
  const at = [first % nx, Math.floor(first / nx) % ny, ...("size" in of ? [Math.floor(first / nx / ny)] : [])];
  const place = `${"size" in of ? "voxel" : "pixel"} (${at.join(", ")})`;
  throw new DataError(
    `${what}: ${place} is ${data[first]}${count > 1 ? `, and ${count} of ${data.length} are not finite` : ""}; replace them by numbers first, for example with: fslmaths IN -nan OUT`,
  );
};
