import type { Mat3 } from "../../geometry/mat3.ts";
import { apply, multiply, transpose } from "../../geometry/mat3.ts";
import type { Vec3 } from "../../geometry/vec3.ts";
import { add, scale, sub } from "../../geometry/vec3.ts";
import type { Noise } from "./noise.ts";
import { borderPoints } from "./regions.ts";
import { axesOf, type Subject } from "./subject.ts";

/** Voxels of the volume: like a sagittal acquisition, the first index runs to posterior, the second up, the third right. */
export const size = [120, 120, 90] as const;
export const spacing = 2;
const [ni, nj, nk] = size;

/** Middle of the brain's box in the frame of the mean head, mm. */
const boxCenter: Vec3 = [0, -0.4, -2.1];

/** What is painted on: for every voxel its place in the mean head, its brightness (white matter 1) and its label. */
export interface PhantomCanvas {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly z: Float32Array;
  readonly value: Float32Array;
  readonly label: Uint8Array;
  /** Voxel indices to LPS mm. */
  readonly linear: Mat3;
  readonly offset: Vec3;
  /** A point of the mean head, without its warp, to voxel indices. */
  readonly toVoxel: (p: Vec3) => Vec3;
}

/** Smooth displacement with wavelengths of about 40 mm, without the part that would turn or shift the whole. */
function warpOf(noise: Noise, amplitude: number): (x: number, y: number, z: number, out: Float64Array) => void {
  const raw = (x: number, y: number, z: number, out: Float64Array): void => {
    out[0] = amplitude * noise.at(x / 40 + 5.1, y / 40 + 9.7, z / 40 + 2.2);
    out[1] = amplitude * noise.at(x / 40 + 15.4, y / 40 + 1.3, z / 40 + 12.6);
    out[2] = amplitude * noise.at(x / 40 + 25.8, y / 40 + 19.1, z / 40 + 22.9);
  };
  // Least squares over the regions' centroids: mean shift, and the rotation w of sum(|p|^2 - p p') w = sum(p x d).
  const d = new Float64Array(3);
  const points = borderPoints();
  const mean = [0, 0, 0];
  const spin = [0, 0, 0];
  const inertia = [0, 0, 0];
  for (const [x, y, z] of points) {
    raw(x, y, z, d);
    for (let a = 0; a < 3; a++) mean[a] += d[a] / points.length;
    spin[0] += y * d[2] - z * d[1];
    spin[1] += z * d[0] - x * d[2];
    spin[2] += x * d[1] - y * d[0];
    inertia[0] += y * y + z * z;
    inertia[1] += x * x + z * z;
    inertia[2] += x * x + y * y;
  }
  // The points are mirror images about x and the off-diagonal y-z term is small: the diagonal is enough.
  const [wx, wy, wz] = spin.map((s, a) => s / inertia[a]);
  return (x, y, z, out) => {
    raw(x, y, z, out);
    out[0] -= mean[0] + wy * z - wz * y;
    out[1] -= mean[1] + wz * x - wx * z;
    out[2] -= mean[2] + wx * y - wy * x;
  };
}

/** 20 MB that every head fills anew and none hands out: allocating them each time would cost more than filling them. */
let scratch: [x: Float32Array, y: Float32Array, z: Float32Array, value: Float32Array] | undefined;

/**
 * Places the head in the volume and finds, for every voxel, the point of the mean head that it shows. The arrays
 * but for the labels are the same ones for every head: one canvas at a time.
 */
export function stretchCanvas(subject: Subject, noise: Noise, warpAmplitude: number): PhantomCanvas {
  // Columns: what one step along i, j, k is in LPS.
  const linear: Mat3 = [0, 0, -spacing, spacing, 0, 0, 0, spacing, 0];
  const half = apply(linear, [(ni - 1) / 2, (nj - 1) / 2, (nk - 1) / 2]);
  const offset = sub(subject.middle, half);
  const s = subject.scale;
  const scaledBox: Vec3 = [boxCenter[0] * s[0], boxCenter[1] * s[1], boxCenter[2] * s[2]];
  const origin = sub(add(subject.middle, subject.shift), apply(subject.rotation, scaledBox));
  const inverseScale: Mat3 = [1 / s[0], 0, 0, 0, 1 / s[1], 0, 0, 0, 1 / s[2]];
  const toMean = multiply(inverseScale, axesOf(subject.rotation));
  const step = multiply(toMean, linear);
  const start = apply(toMean, sub(offset, origin));
  const n = ni * nj * nk;
  scratch ??= [new Float32Array(n), new Float32Array(n), new Float32Array(n), new Float32Array(n)];
  const [x, y, z, value] = scratch;
  // The warp is smooth: it is computed every 8 voxels and blended between.
  const pitch = 8;
  const grid = size.map((v) => Math.ceil(v / pitch) + 1);
  const warp = warpOf(noise, warpAmplitude);
  const nodesOf = [0, 1, 2].map(() => new Float32Array(grid[0] * grid[1] * grid[2]));
  const d = new Float64Array(3);
  for (let k = 0, o = 0; k < grid[2]; k++)
    for (let j = 0; j < grid[1]; j++)
      for (let i = 0; i < grid[0]; i++, o++) {
        const p = add(start, apply(step, [i * pitch, j * pitch, k * pitch]));
        warp(p[0], p[1], p[2], d);
        for (let a = 0; a < 3; a++) nodesOf[a][o] = p[a] + d[a];
      }
  // Place and warp are both blended: the place is affine, so blending it is exact.
  const line = new Float32Array(grid[0]);
  [x, y, z].forEach((out, a) => {
    const g = nodesOf[a];
    const planes = grid[0] * grid[1];
    for (let k = 0, o = 0; k < nk; k++) {
      const k0 = (k / pitch) | 0;
      const w = k / pitch - k0;
      for (let j = 0; j < nj; j++) {
        const j0 = (j / pitch) | 0;
        const v = j / pitch - j0;
        const base = k0 * planes + j0 * grid[0];
        for (let i = 0; i < grid[0]; i++) {
          const b = base + i;
          const low = g[b] + v * (g[b + grid[0]] - g[b]);
          const high = g[b + planes] + v * (g[b + planes + grid[0]] - g[b + planes]);
          line[i] = low + w * (high - low);
        }
        for (let i = 0; i < ni; i++, o++) {
          const i0 = i >> 3;
          out[o] = line[i0] + ((i & 7) / pitch) * (line[i0 + 1] - line[i0]);
        }
      }
    }
  });
  const back = multiply(transpose(linear), multiply(subject.rotation, [s[0], 0, 0, 0, s[1], 0, 0, 0, s[2]]));
  const shift = scale(apply(transpose(linear), sub(origin, offset)), 1 / spacing ** 2);
  return {
    x,
    y,
    z,
    value,
    label: new Uint8Array(n),
    linear,
    offset,
    toVoxel: (p) => add(scale(apply(back, p), 1 / spacing ** 2), shift),
  };
}
