import { GeometryError } from "../errors.ts";
import {
  add,
  dot,
  type Plane,
  type Point2,
  type Point3,
  patientFromPixel,
  scale,
  sub,
  type Vec3,
} from "../geometry/index.ts";
import { apply, inverse, type Mat3 } from "../geometry/mat3.ts";
import { normal } from "../geometry/plane.ts";

/** One sighting of a point on one plane. */
export interface Sighting {
  readonly plane: Plane;
  readonly pixel: Point2<"pixel">;
  /** Standard deviation of each in-plane coordinate, mm. */
  readonly sigmaMm: number;
  /**
   * Standard deviation through the plane, mm. Default infinity: a projected landmark says nothing about where along
   * the normal it lies. Where the landmark is what the slice cuts, sqrt(thickness² / 12 + drift²).
   */
  readonly throughMm?: number;
  readonly confidence?: number;
}

export interface ReconstructedPoint {
  readonly mm: Point3<"lps">;
  /** One flag a sighting; at least two are kept. */
  readonly used: readonly boolean[];
  /** In-plane distance of each sighting from the point, mm. */
  readonly residualMm: readonly number[];
}

const outer = (a: Vec3, w: number): number[] => a.flatMap((x) => a.map((y) => w * x * y));

/** Weighted least squares; `undefined` where the sightings leave a direction open. */
const solve = (sightings: readonly Sighting[], used: readonly boolean[]): Point3<"lps"> | undefined => {
  const a = new Array<number>(9).fill(0);
  let b: Vec3 = [0, 0, 0];
  let origin: Vec3 | undefined;
  let most = 0;
  sightings.forEach((s, i) => {
    if (!used[i]) return;
    const q = patientFromPixel(s.plane, s.pixel);
    origin ??= q;
    const confidence = s.confidence ?? 1;
    const rows: [Vec3, number][] = [
      [s.plane.columnDirection, confidence / s.sigmaMm ** 2],
      [s.plane.rowDirection, confidence / s.sigmaMm ** 2],
      [normal(s.plane), confidence / (s.throughMm ?? Number.POSITIVE_INFINITY) ** 2],
    ];
    for (const [direction, w] of rows) {
      outer(direction, w).forEach((v, k) => {
        a[k] += v;
      });
      b = add(b, scale(direction, w * dot(direction, sub(q, origin))));
      most = Math.max(most, w);
    }
  });
  const inv = inverse(a as unknown as Mat3);
  // A direction seen with less than a thousandth of the best weight is as good as unseen.
  if (!inv || !origin || !(inv[0] + inv[4] + inv[8] < 1e3 / most)) return undefined;
  return add(origin, apply(inv, b)) as Point3<"lps">;
};

/**
 * The point in space that several planes show: weighted least squares on in-plane distances (and through-plane ones
 * where they mean something). While three or more sightings remain and one lies further than 3 standard deviations
 * from the point the others make, the worst is dropped.
 *
 * Returns `undefined` where the planes do not fix the point (one plane, parallel planes). Throws GeometryError for
 * deviations that are not positive.
 */
export const reconstructPoint = (sightings: readonly Sighting[]): ReconstructedPoint | undefined => {
  sightings.forEach((s, i) => {
    if (!(s.sigmaMm > 0) || !((s.throughMm ?? 1) > 0))
      throw new GeometryError(
        `reconstructPoint: sighting ${i} has sigma ${s.sigmaMm} mm, through ${s.throughMm} mm; both must be positive`,
      );
  });
  const used = sightings.map((s) => (s.confidence ?? 1) > 0);
  const miss = (s: Sighting, p: Point3<"lps">): number => {
    const d = sub(patientFromPixel(s.plane, s.pixel), p);
    return Math.hypot(dot(d, s.plane.columnDirection), dot(d, s.plane.rowDirection));
  };
  let mm = solve(sightings, used);
  while (mm && used.filter(Boolean).length > 2) {
    let best: { without: number; excess: number; mm: Point3<"lps"> } | undefined;
    for (let i = 0; i < sightings.length; i++) {
      if (!used[i]) continue;
      const rest = solve(
        sightings,
        used.map((u, k) => u && k !== i),
      );
      if (!rest) continue;
      const excess = miss(sightings[i], rest) / (3 * sightings[i].sigmaMm * Math.SQRT2);
      const others = sightings.reduce((s, x, k) => (used[k] && k !== i ? s + (miss(x, rest) / x.sigmaMm) ** 2 : s), 0);
      // The sighting without which the rest agree best is the one to doubt.
      if (excess > 1 && (!best || others < best.excess)) best = { without: i, excess: others, mm: rest };
    }
    if (!best) break;
    used[best.without] = false;
    mm = best.mm;
  }
  return mm && { mm, used, residualMm: sightings.map((s) => miss(s, mm)) };
};
