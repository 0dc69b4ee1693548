import { add, cross, dot, type OrientedBox, scale, sub, type Vec3 } from "../geometry/index.ts";

/** A convex body by its faces; each face's corners go round it, outward normal by the right-hand rule. */
type Body = readonly (readonly Vec3[])[];

/** Corners of the unit cube by three bits (x, y, z), face by face. */
const cubeFaces = [
  [0, 4, 6, 2],
  [1, 3, 7, 5],
  [0, 1, 5, 4],
  [2, 6, 7, 3],
  [0, 2, 3, 1],
  [4, 5, 7, 6],
] as const;

/** Distances smaller than this (mm) are rounding: such a corner lies on the plane. */
const rounding = 1e-9;

const bodyOf = ({ center, axes, size }: OrientedBox): Body => {
  const corner = (bits: number): Vec3 =>
    axes.reduce<Vec3>((p, axis, k) => add(p, scale(axis, ((bits >> k) & 1 ? 0.5 : -0.5) * size[k])), center as Vec3);
  return cubeFaces.map((face) => face.map(corner));
};

/** Corners of the cut in their order around it, seen against the normal. */
const capOf = (points: readonly Vec3[], normal: Vec3): Vec3[] => {
  const middle = scale(points.reduce(add), 1 / points.length);
  const side: Vec3 = Math.abs(normal[0]) < 0.6 ? [1, 0, 0] : [0, 1, 0];
  const u = cross(normal, side);
  const v = cross(normal, u);
  const angle = (p: Vec3) => Math.atan2(dot(sub(p, middle), v), dot(sub(p, middle), u));
  return [...points].sort((p, q) => angle(p) - angle(q));
};

/** The part of a body where normal . p <= limit (Sutherland and Hodgman's clipping, face by face, and the cut closed). */
const clip = (body: Body, normal: Vec3, limit: number): Body => {
  const out: Vec3[][] = [];
  const cut: Vec3[] = [];
  for (const face of body) {
    const kept: Vec3[] = [];
    for (let i = 0; i < face.length; i++) {
      const p = face[i];
      const q = face[(i + 1) % face.length];
      const a = dot(normal, p) - limit;
      const b = dot(normal, q) - limit;
      if (a <= rounding) kept.push(p);
      if ((a < -rounding && b > rounding) || (a > rounding && b < -rounding)) {
        const crossing = add(p, scale(sub(q, p), a / (a - b)));
        kept.push(crossing);
        cut.push(crossing);
      } else if (Math.abs(a) <= rounding) cut.push(p);
    }
    if (kept.length >= 3) out.push(kept);
  }
  // A face that already lies in the plane closes the body: a cap over it would count its volume twice.
  const closed = body.some((face) => face.every((p) => Math.abs(dot(normal, p) - limit) <= rounding));
  if (cut.length >= 3 && !closed) out.push(capOf(cut, normal));
  return out;
};

/** Volume of a convex body: pyramids from one of its corners over its faces. */
const volumeOf = (body: Body): number => {
  if (body.length < 4) return 0;
  const apex = body[0][0];
  let six = 0;
  for (const face of body)
    for (let i = 2; i < face.length; i++)
      six += Math.abs(dot(sub(face[0], apex), cross(sub(face[i - 1], apex), sub(face[i], apex))));
  return six / 6;
};

/** Volume that two boxes share, mm3: one clipped by the six faces of the other. Exact but for rounding. */
export const overlapVolume = (a: OrientedBox, b: OrientedBox): number => {
  let body = bodyOf(a);
  b.axes.forEach((axis, k) => {
    const middle = dot(axis, b.center as Vec3);
    body = clip(body, axis, middle + b.size[k] / 2);
    body = clip(body, scale(axis, -1), b.size[k] / 2 - middle);
  });
  return volumeOf(body);
};
