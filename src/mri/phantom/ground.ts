import type { PhantomCanvas } from "./canvas.ts";
import { coverOf, inNeck } from "./cover.ts";
import { aim, read, type Star } from "./directions.ts";
import { foldsOf } from "./folds.ts";
import type { Noise } from "./noise.ts";
import { cerebellumCenter, headCenter, hemisphereCenter } from "./outlines.ts";
import { borderShift, cellOf, divide } from "./regions.ts";
import type { Subject } from "./subject.ts";
import type { Surfaces } from "./surfaces.ts";

/** Label of cerebrospinal fluid (CSF) on the brain's surface, and of the left half of the cerebellum (the right one is one less). */
const csfLabel = 1;
const cerebellumLabel = 39;
/** Nothing within reach. */
const far = -60;

/** Height of the tentorium, which parts cerebrum and cerebellum: a tent with its ridge on the midline. */
function tentorium(ax: number, y: number): number {
  const ridge = ax < 32 ? 1 - ax / 32 : 0;
  const side = -26 - 0.1 * (y - 30) - (ax > 32 ? 0.2 * (ax - 32) : 0);
  return side + ridge * (-6 - 0.73 * (y - 32) - side);
}

/** The greater of two depths, without an edge where they meet. */
const joined = (a: number, b: number): number => {
  const h = Math.max(0, 4 - Math.abs(a - b));
  return Math.max(a, b) + (h * h) / 16;
};

/** Depth below a surface in the direction aimed at, at `distance` from its center; negative outside. */
const depthIn = (s: Star, distance: number): number => (read(s.radius) - distance) * read(s.slope);

/**
 * Fills the whole head: what covers the brain, folded cortex, white matter, cerebellum; with the labels of all that.
 * Runs over every voxel of the volume, hence the constants taken into locals.
 */
export function paintGround(canvas: PhantomCanvas, surfaces: Surfaces, subject: Subject, noise: Noise): void {
  const { x: X, y: Y, z: Z, value, label } = canvas;
  const { csf, gray, white, cerebellarGray, air } = subject.contrast;
  const { head, hemispheres, cerebellum } = surfaces;
  const [, , headZ] = headCenter;
  const [brainX, brainY, brainZ] = hemisphereCenter;
  const [smallX, smallY, smallZ] = cerebellumCenter;
  const division = divide();
  const toCsfOf = foldsOf(subject, noise);
  const cover = coverOf(subject, noise);
  const thin = subject.corticalThickness;
  for (let o = 0; o < value.length; o++) {
    const x = X[o];
    const y = Y[o];
    const z = Z[o];
    const hz = z - headZ;
    const square = x * x + y * y + hz * hz;
    value[o] = air;
    if (square > 32000) continue;
    // The outline was measured where the skin's brightness begins, half a voxel and its blur further out.
    aim(x, y, hz);
    let under = depthIn(head, Math.sqrt(square) + 1.3);
    if (z < -80) under = joined(under, inNeck(x, y, z, subject.neckWidth));
    if (under < -8) continue;
    const side = x >= 0 ? 0 : 1;
    const ax = side ? -x : x;
    let inSmall = far;
    const cx = ax - smallX;
    const cy = y - smallY;
    const cz = z - smallZ;
    const c = cx * cx + cy * cy + cz * cz;
    if (c < 4900) {
      aim(cx, cy, cz);
      inSmall = depthIn(cerebellum[side], Math.sqrt(c));
    }
    let inBrain = far;
    const qx = ax - brainX;
    const qy = y - brainY;
    const qz = z - brainZ;
    const q = Math.sqrt(qx * qx + qy * qy + qz * qz);
    if (z > -68) {
      aim(qx, qy, qz);
      inBrain = depthIn(hemispheres[side].outer, q);
      if (y > 24 && z < 0) inBrain = Math.min(inBrain, 0.85 * (z - tentorium(ax, y)));
    }
    const inside = Math.max(inBrain, inSmall);
    if (inside <= 0.5) {
      // Scalp and skull never vanish: the skin is pushed out where it would come too near the brain.
      if (inside > -16 && z > -40) under = joined(under, inside + 7);
      if (under < -1) continue;
      const covered = under > 1 ? 1 : 0.5 + 0.5 * under;
      value[o] = air + covered * (cover(x, y, z, under, -inside) - air);
      if (inside <= 0) continue;
    }
    let v: number;
    let what: number;
    if (inSmall > inBrain - 0.5 || z < -44) {
      // Cerebellum: folia as fine radial stripes; its white core is painted later.
      const r = Math.sqrt(c);
      const angle = Math.atan2(z + 36, y - 22);
      const stripes = Math.sin(angle * 17 + 2.5 * noise.at(x / 14, y / 14, z / 14)) * (r > 8 ? 1 : r / 8);
      v = cerebellarGray + 0.09 * stripes;
      if (inSmall < 1.5) v += (1 - Math.max(0, inSmall) / 1.5) * (csf + 0.08 - v);
      if (inBrain > 0 && inSmall - inBrain < 2) v += 0.4 * (csf - v);
      what = inSmall < 0.8 ? csfLabel : cerebellumLabel - side;
    } else {
      const d = toCsfOf(hemispheres[side], ax, x, y, z, q, inBrain);
      if (d < 1) v = d < -1 ? csf : csf + (gray - csf) * (0.5 + 0.5 * d);
      else if (d < thin + 1) v = d < thin - 1 ? gray : gray + (white - gray) * (0.5 + 0.5 * (d - thin));
      else v = white;
      if (d < -0.2) what = csfLabel;
      else {
        const b = borderShift(noise, x, y, z);
        what = (d < thin ? division.cortex : division.white)[cellOf(ax, y + b, z - b)] - side;
      }
    }
    value[o] = inside < 0.5 ? value[o] + (inside / 0.5) * (v - value[o]) : v;
    label[o] = what;
  }
}
