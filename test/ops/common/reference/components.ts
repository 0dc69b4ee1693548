/** Connected components by flooding from each pixel in turn, and the middle of the largest. */
import type { Ref } from "../ref.ts";

/** Labels of one map, 1, 2, ... in the order of the first pixels; 0: background. Also the pixels of each component. */
export function flood(on: (pixel: number) => boolean, h: number, w: number, diagonal: boolean) {
  const labels = new Int32Array(h * w);
  const components: number[][] = [];
  for (let start = 0; start < h * w; start++) {
    if (labels[start] !== 0 || !on(start)) continue;
    const pixels = [start];
    components.push(pixels);
    labels[start] = components.length;
    for (let k = 0; k < pixels.length; k++) {
      const [x, y] = [pixels[k] % w, Math.floor(pixels[k] / w)];
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const [nx, ny] = [x + dx, y + dy];
          if ((!diagonal && dx !== 0 && dy !== 0) || nx < 0 || ny < 0 || nx >= w || ny >= h) continue;
          const next = ny * w + nx;
          if (labels[next] !== 0 || !on(next)) continue;
          labels[next] = components.length;
          pixels.push(next);
        }
    }
  }
  return { labels, components };
}

/** Each map of [N, K, H, W] by itself. */
export const mapsOf = ({ shape, data }: Ref): Float64Array[] => {
  const size = shape[2] * shape[3];
  return Array.from({ length: shape[0] * shape[1] }, (_, map) => data.subarray(map * size, (map + 1) * size));
};

export const components = (x: Ref, threshold: number, diagonal: boolean): number[] =>
  mapsOf(x).flatMap((m) => [...flood((i) => m[i] > threshold, x.shape[2], x.shape[3], diagonal).labels]);

/** Column, row, peak and area of the largest component above a share of the peak. Thresholds as float32 has them. */
export function centroids(
  x: Ref,
  { threshold, diagonal, weighted }: { threshold: number | "adaptive"; diagonal: boolean; weighted: boolean },
): number[] {
  const [, , h, w] = x.shape;
  const f = Math.fround;
  return mapsOf(x).flatMap((m) => {
    const peak = m.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const from = threshold === "adaptive" ? f(0.5 * peak) : f(threshold);
    let found: number[][] = [];
    for (let turn = 0; ; turn++) {
      const share = f(from + f(turn * f(0.01)));
      found = flood((i) => m[i] > f(share * peak), h, w, diagonal).components;
      if (threshold !== "adaptive" || found.length <= 1 || f(share + f(0.01)) >= f(0.988)) break;
    }
    if (found.length === 0) return [Number.NaN, Number.NaN, peak, 0];
    const largest = found.reduce((a, b) => (b.length > a.length ? b : a));
    const mass = (weight: (i: number) => number) =>
      largest.reduce((sum, i) => sum + weight(i) * (weighted ? m[i] : 1), 0);
    const all = mass(() => 1);
    return [mass((i) => i % w) / all, mass((i) => Math.floor(i / w)) / all, peak, largest.length];
  });
}
