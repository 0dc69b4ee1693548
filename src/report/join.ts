import { DataError } from "../errors.ts";
import type { Image } from "../io/image.ts";

/** RGB pictures of one height side by side, with dark gaps of `gap` pixels. Throws DataError where they do not fit. */
export const sideBySide = (pictures: readonly Image[], gap = 4): Image => {
  const height = pictures[0]?.height ?? 0;
  const wrong = pictures.findIndex((p) => p.channels !== 3 || p.height !== height);
  if (height === 0 || wrong >= 0)
    throw new DataError(
      `sideBySide: ${height === 0 ? "there is no picture" : `picture ${wrong + 1} has ${pictures[wrong].channels} channels and ${pictures[wrong].height} rows, 3 and ${height} are due`}; give RGB pictures of one height`,
    );
  const width = pictures.reduce((sum, p) => sum + p.width, gap * (pictures.length - 1));
  const data = new Uint8Array(3 * width * height);
  let left = 0;
  for (const p of pictures) {
    for (let y = 0; y < height; y++)
      data.set(p.data.subarray(3 * y * p.width, 3 * (y + 1) * p.width), 3 * (y * width + left));
    left += p.width + gap;
  }
  return { width, height, channels: 3, data };
};
