import { DataError } from "../errors.ts";
import type { Image } from "../io/image.ts";
import { Canvas } from "./canvas.ts";

/** Gray values shown black and white: the 0.5 and 99.5 percentiles of the finite pixels. */
export const shownRange = (data: Image["data"]): readonly [low: number, high: number] => {
  const sorted = Float64Array.from(data as ArrayLike<number>)
    .filter(Number.isFinite)
    .sort();
  if (sorted.length === 0) return [0, 1];
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))];
  const [low, high] = [at(0.005), at(0.995)];
  return high > low ? [low, high] : [low, low + 1];
};

/**
 * A gray image enlarged by (sx, sy) between pixel centers, linearly interpolated, on a canvas: pixel (c, r) of the image
 * lies at ((c + 0.5) sx - 0.5, (r + 0.5) sy - 0.5). Pixels that are not numbers are black.
 * Throws DataError for an image of more than one channel, or whose data do not fit its size.
 */
export const enlarge = (image: Image, sx: number, sy: number, [low, high] = shownRange(image.data)): Canvas => {
  const { width, height, data } = image;
  if (image.channels !== 1)
    throw new DataError(`overlay: the image has ${image.channels} channels; give a gray one (channels: 1)`);
  if (data.length !== width * height || width < 1 || height < 1)
    throw new DataError(`overlay: data has ${data.length} values, but ${width}x${height} needs ${width * height}`);
  const canvas = new Canvas(Math.round(width * sx), Math.round(height * sy));
  const value = (c: number, r: number): number => {
    const v =
      (data[Math.min(height - 1, Math.max(0, r)) * width + Math.min(width - 1, Math.max(0, c))] - low) / (high - low);
    return v > 0 ? Math.min(1, v) : 0; // also where v is no number
  };
  for (let y = 0; y < canvas.height; y++) {
    const r = (y + 0.5) / sy - 0.5;
    const r0 = Math.floor(r);
    for (let x = 0; x < canvas.width; x++) {
      const c = (x + 0.5) / sx - 0.5;
      const c0 = Math.floor(c);
      const upper = value(c0, r0) * (1 - c + c0) + value(c0 + 1, r0) * (c - c0);
      const lower = value(c0, r0 + 1) * (1 - c + c0) + value(c0 + 1, r0 + 1) * (c - c0);
      canvas.data.fill(
        Math.round(255 * (upper * (1 - r + r0) + lower * (r - r0))),
        3 * (y * canvas.width + x),
        3 * (y * canvas.width + x) + 3,
      );
    }
  }
  return canvas;
};
