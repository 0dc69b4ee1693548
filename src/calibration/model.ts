import { add, type Mat3, type Plane, type PlaneClass, patientFromPixel, sub, type Vec3 } from "../geometry/index.ts";
import { apply, transpose } from "../geometry/mat3.ts";
import type { LandmarkObservation, Template } from "./types.ts";

/** An observation made ready for the fit: where it lies, which two directions it speaks about, how exactly. */
export interface Measurement {
  /** Index of the landmark in the template. */
  readonly landmark: number;
  /** The pixel's center in the patient, mm. */
  readonly point: Vec3;
  /** The plane's two directions: the only ones a projected landmark says anything about. */
  readonly u: Vec3;
  readonly v: Vec3;
  /** Standard deviation of the sighting itself, mm, confidence included. */
  readonly sigma: number;
}

/** What the fit looks for: x = rotation p + shift, with p the landmark in the head's frame under scales and modes. */
export interface HeadState {
  /** Patient from head; columns are the head's left, posterior and superior. */
  readonly rotation: Mat3;
  /** Where the box's center lies, patient mm. */
  readonly shift: Vec3;
  /** Extra scale along each axis, as a ratio less 1 (3), then the modes' coefficients. */
  readonly shape: Float64Array;
}

/** The in-plane error to expect of an observation, mm, before confidence: its own, the template's, or the default. */
export const expectedSigma = (
  template: Template,
  o: LandmarkObservation,
  plane: PlaneClass,
  landmark: number,
): number =>
  Math.max(o.sigmaMm ?? template.landmarks[landmark].errorMm[plane] ?? template.defaultErrorMm, template.floorMm);

export const measurementOf = (plane: Plane, o: LandmarkObservation, landmark: number, sigma: number): Measurement => ({
  landmark,
  point: patientFromPixel(plane, o.pixel),
  u: plane.columnDirection,
  v: plane.rowDirection,
  sigma: sigma / Math.sqrt(o.confidence),
});

/** Number of shape parameters: a scale an axis and a coefficient a mode. */
export const shapeLength = (t: Template): number => 3 + t.modes.length;

/** Precision (1 / variance) of each shape parameter's prior, whose mean is 0. */
export const shapePrecision = (t: Template): Float64Array => {
  const p = new Float64Array(shapeLength(t)).fill(1);
  for (let k = 0; k < 3; k++) p[k] = t.scaleSd[k] > 0 ? 1 / t.scaleSd[k] ** 2 : 1e12;
  return p;
};

/** Landmark j in the head's own frame under a shape, mm. */
export const landmarkInHead = (t: Template, j: number, shape: Float64Array): Vec3 => {
  const mean = t.landmarks[j].meanMm;
  const p = [0, 1, 2].map((k) => mean[k] * (1 + shape[k]));
  t.modes.forEach((m, i) => {
    for (let k = 0; k < 3; k++) p[k] += shape[3 + i] * m.landmarksMm[3 * j + k];
  });
  return p as unknown as Vec3;
};

/** The box's size under a shape, mm. */
export const sizeOf = (t: Template, shape: Float64Array): Vec3 =>
  [0, 1, 2].map((k) =>
    t.modes.reduce((s, m, i) => s + shape[3 + i] * m.sizeMm[k], t.sizeMm.mean[k] * (1 + shape[k])),
  ) as unknown as Vec3;

/** Landmark j in the patient, mm. */
export const landmarkInPatient = (t: Template, j: number, s: HeadState): Vec3 =>
  add(apply(s.rotation, landmarkInHead(t, j, s.shape)), s.shift);

/** Measured minus modeled, along the plane's two directions, mm. */
export const inPlaneResidual = (t: Template, m: Measurement, s: HeadState): [number, number] => {
  const d = sub(m.point, landmarkInPatient(t, m.landmark, s));
  return [d[0] * m.u[0] + d[1] * m.u[1] + d[2] * m.u[2], d[0] * m.v[0] + d[1] * m.v[1] + d[2] * m.v[2]];
};

/**
 * Inverse square root (lower triangular: a, b, c of [[a, 0], [b, c]]) of the residual's covariance: the sighting's
 * own error, times `inflate` squared, plus the heads' scatter along the head's axes, turned into the plane.
 */
export const whitening = (
  t: Template,
  m: Measurement,
  rotation: Mat3,
  inflate: number,
): readonly [number, number, number] => {
  const back = transpose(rotation);
  const u = apply(back, m.u);
  const v = apply(back, m.v);
  const s2 = t.landmarks[m.landmark].varianceMm2;
  const noise = (m.sigma * inflate) ** 2;
  const form = (a: Vec3, b: Vec3): number => a[0] * b[0] * s2[0] + a[1] * b[1] * s2[1] + a[2] * b[2] * s2[2];
  const uu = form(u, u) + noise;
  const uv = form(u, v);
  const vv = form(v, v) + noise;
  const l = Math.sqrt(uu);
  const below = uv / l;
  const rest = Math.sqrt(vv - below * below);
  return [1 / l, -below / (l * rest), 1 / rest];
};

/** The rows of the Jacobian of the modeled position along a direction: rotation (3, head axes), shift (3), shape. */
export const gradientAlong = (t: Template, m: Measurement, s: HeadState, direction: Vec3, out: Float64Array): void => {
  const d = apply(transpose(s.rotation), direction);
  const p = landmarkInHead(t, m.landmark, s.shape);
  // x = R exp([w]) p: the derivative along d (head axes) is d . (w x p) = w . (p x d).
  out[0] = p[1] * d[2] - p[2] * d[1];
  out[1] = p[2] * d[0] - p[0] * d[2];
  out[2] = p[0] * d[1] - p[1] * d[0];
  out[3] = direction[0];
  out[4] = direction[1];
  out[5] = direction[2];
  const mean = t.landmarks[m.landmark].meanMm;
  for (let k = 0; k < 3; k++) out[6 + k] = d[k] * mean[k];
  const j = 3 * m.landmark;
  t.modes.forEach((mode, i) => {
    const l = mode.landmarksMm;
    out[9 + i] = d[0] * l[j] + d[1] * l[j + 1] + d[2] * l[j + 2];
  });
};
