import type { Vec3 } from "./vec3.ts";

/** 3x3 matrix, row-major: `m[3 * row + column]`. */
export type Mat3 = readonly [number, number, number, number, number, number, number, number, number];

export const identity3: Mat3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];
export const fromColumns = (x: Vec3, y: Vec3, z: Vec3): Mat3 => [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]];
export const fromRows = (x: Vec3, y: Vec3, z: Vec3): Mat3 => [...x, ...y, ...z] as unknown as Mat3;
export const column = (m: Mat3, c: 0 | 1 | 2): Vec3 => [m[c], m[3 + c], m[6 + c]];
export const row = (m: Mat3, r: 0 | 1 | 2): Vec3 => [m[3 * r], m[3 * r + 1], m[3 * r + 2]];
export const transpose = (m: Mat3): Mat3 => [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]];
export const apply = (m: Mat3, v: Vec3): Vec3 => [
  m[0] * v[0] + m[1] * v[1] + m[2] * v[2],
  m[3] * v[0] + m[4] * v[1] + m[5] * v[2],
  m[6] * v[0] + m[7] * v[1] + m[8] * v[2],
];
export const multiply = (a: Mat3, b: Mat3): Mat3 => {
  const o = new Array<number>(9);
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) o[3 * i + j] = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
  return o as unknown as Mat3;
};
export const determinant = (m: Mat3): number =>
  m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
/** Inverse; `undefined` for a matrix whose determinant is 0 or not finite. */
export const inverse = (m: Mat3): Mat3 | undefined => {
  const d = determinant(m);
  if (d === 0 || !Number.isFinite(d)) return undefined;
  return [
    (m[4] * m[8] - m[5] * m[7]) / d,
    (m[2] * m[7] - m[1] * m[8]) / d,
    (m[1] * m[5] - m[2] * m[4]) / d,
    (m[5] * m[6] - m[3] * m[8]) / d,
    (m[0] * m[8] - m[2] * m[6]) / d,
    (m[2] * m[3] - m[0] * m[5]) / d,
    (m[3] * m[7] - m[4] * m[6]) / d,
    (m[1] * m[6] - m[0] * m[7]) / d,
    (m[0] * m[4] - m[1] * m[3]) / d,
  ];
};
