import { fromColumns, identity3, type Mat3, multiply } from "./mat3.ts";
import { cross, norm, normalize, type Vec3 } from "./vec3.ts";

const degree = Math.PI / 180;

/** Rotation by `|v|` degrees about the direction of `v` (Rodrigues' formula). */
export const rotationFromVector = (vDegrees: Vec3): Mat3 => {
  const angle = norm(vDegrees) * degree;
  if (angle === 0) return identity3;
  const [x, y, z] = normalize(vDegrees);
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const t = 1 - c;
  return [
    t * x * x + c,
    t * x * y - s * z,
    t * x * z + s * y,
    t * x * y + s * z,
    t * y * y + c,
    t * y * z - s * x,
    t * x * z - s * y,
    t * y * z + s * x,
    t * z * z + c,
  ];
};

/** Rotation vector in degrees of a rotation matrix; its length is the angle, 0 to 180. */
export const vectorFromRotation = (m: Mat3): Vec3 => {
  const w: Vec3 = [m[7] - m[5], m[2] - m[6], m[3] - m[1]];
  const sine = norm(w) / 2;
  const cosine = (m[0] + m[4] + m[8] - 1) / 2;
  const angle = Math.atan2(sine, cosine);
  if (sine > 1e-7) return [w[0], w[1], w[2]].map((v) => (v / (2 * sine)) * (angle / degree)) as unknown as Vec3;
  if (cosine > 0) return [w[0] / 2 / degree, w[1] / 2 / degree, w[2] / 2 / degree];
  // Half a turn: the axis is the eigenvector of (m + 1) / 2, whose largest column is the best conditioned.
  const columns: Vec3[] = [0, 1, 2].map((c) => [
    m[c] + (c === 0 ? 1 : 0),
    m[3 + c] + (c === 1 ? 1 : 0),
    m[6 + c] + (c === 2 ? 1 : 0),
  ]);
  const axis = normalize(columns.reduce((a, b) => (norm(b) > norm(a) ? b : a)));
  return [axis[0] * 180, axis[1] * 180, axis[2] * 180];
};

/** Rotation by the angles (degrees) about x, then y, then z, all fixed axes: Rz Ry Rx. */
export const rotationFromAngles = (xyzDegrees: Vec3): Mat3 =>
  multiply(
    rotationFromVector([0, 0, xyzDegrees[2]]),
    multiply(rotationFromVector([0, xyzDegrees[1], 0]), rotationFromVector([xyzDegrees[0], 0, 0])),
  );

/** Nearest right-handed frame to three columns that are nearly orthonormal: x kept, y made orthogonal, z = x cross y. */
export const orthonormalize = (m: Mat3): Mat3 => {
  const x = normalize([m[0], m[3], m[6]]);
  const z = normalize(cross(x, [m[1], m[4], m[7]]));
  return fromColumns(x, cross(z, x), z);
};

/** Angle in degrees between two rotations. */
export const angleBetween = (a: Mat3, b: Mat3): number =>
  norm(vectorFromRotation(multiply([a[0], a[3], a[6], a[1], a[4], a[7], a[2], a[5], a[8]], b)));
