import { GeometryError } from "../errors.ts";
import { symmetricEigen } from "./eigen.ts";
import type { Mat3 } from "./mat3.ts";
import { add, scale, sub, type Vec3 } from "./vec3.ts";

export const centroid = (points: readonly Vec3[]): Vec3 =>
  scale(points.reduce<Vec3>(add, [0, 0, 0]), 1 / Math.max(1, points.length));

/**
 * The rotation R (never a reflection) that best turns `from`, about its centroid, into `to`, about its own: least
 * squares over equally weighted pairs of points. Horn, "Closed-form solution of absolute orientation using unit
 * quaternions", J. Opt. Soc. Am. A 4 (1987). Throws GeometryError for fewer than three pairs or points on one line.
 */
export const bestRotation = (from: readonly Vec3[], to: readonly Vec3[]): Mat3 => {
  if (from.length !== to.length || from.length < 3)
    throw new GeometryError(
      `bestRotation: ${from.length} and ${to.length} points; give the same number, three or more`,
    );
  const a = centroid(from);
  const b = centroid(to);
  const s = new Array<number>(9).fill(0);
  from.forEach((point, i) => {
    const p = sub(point, a);
    const q = sub(to[i], b);
    for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) s[3 * r + c] += p[r] * q[c];
  });
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = s;
  const { values, vectors } = symmetricEigen(4, [
    xx + yy + zz,
    yz - zy,
    zx - xz,
    xy - yx,
    yz - zy,
    xx - yy - zz,
    xy + yx,
    zx + xz,
    zx - xz,
    xy + yx,
    yy - xx - zz,
    yz + zy,
    xy - yx,
    zx + xz,
    yz + zy,
    zz - xx - yy,
  ]);
  if (!(values[3] - values[2] > 1e-9 * Math.abs(values[3])))
    throw new GeometryError("bestRotation: the points lie on one line, so that any turn about it fits; add others");
  const [w, x, y, z] = vectors[3];
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    1 - 2 * (x * x + y * y),
  ];
};
