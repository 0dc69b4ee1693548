import type { Canvas } from "./canvas.ts";
import { aim, lookUp, read } from "./directions.ts";
import type { Noise } from "./noise.ts";
import { cerebellumCentre, headCentre, hemisphereCentre } from "./outlines.ts";
import { borderShift, cellOf, divide } from "./regions.ts";
import type { Subject } from "./subject.ts";
import type { Surfaces } from "./surfaces.ts";

/** Label of liquor on the brain's surface, and of the two halves of the cerebellum (right, left). */
export const liquorLabel = 1;
const cerebellum = [38, 39] as const;

/** Sylvian fissure and the island's cortex behind it: distance in mm to that sheet, from the side, bent by `bend` mm. */
function sylvian(ax: number, y: number, z: number, bend: number): number {
  const s = 0.9 * (z - (-1.5 + 0.42 * (y + 5))) + bend;
  const before = y < -42 ? -42 - y : y > 30 ? y - 30 : 0;
  const inner = 38.5 - 0.016 * s * s - 0.04 * Math.abs(y + 8) + 0.6 * bend - ax;
  const slit = Math.hypot(inner > 0 ? inner : 0, s, before);
  const over = Math.abs(s - 1) - 9;
  const end = y < -26 ? -26 - y : y > 12 ? y - 12 : 0;
  const island = Math.hypot(inner, over > 0 ? over : 0, end);
  return slit < island ? slit : island;
}

/** Height of the tentorium, which parts cerebrum and cerebellum: a tent with its ridge on the midline. */
function tentorium(ax: number, y: number): number {
  const ridge = ax < 32 ? 1 - ax / 32 : 0;
  const side = -26 - 0.1 * (y - 30) - (ax > 32 ? 0.2 * (ax - 32) : 0);
  return side + ridge * (-6 - 0.73 * (y - 32) - side);
}

/** How far inside the neck, mm: an upright column below the skull, of a section between oval and box. */
function inNeck(x: number, y: number, z: number, width: number): number {
  const a = (x / (61 * width)) ** 2;
  const b = ((y - 9 - (z + 90) * 0.05) / 67) ** 2;
  const k = 0.7 * Math.sqrt(a + b) + 0.3 * Math.sqrt(Math.sqrt(a * a + b * b));
  const inside = (1 - k) * 60;
  const above = z + 92;
  return above > 0 && -above < inside ? -above : inside;
}

/** The greater of two depths, without an edge where they meet. */
const joined = (a: number, b: number): number => {
  const h = Math.max(0, 4 - Math.abs(a - b));
  return Math.max(a, b) + (h * h) / 16;
};

/** Fills the whole head: skin, scalp, skull, muscle below it, liquor, folded cortex, white matter, cerebellum. */
export function paintGround(canvas: Canvas, surfaces: Surfaces, subject: Subject, noise: Noise): void {
  const { x: X, y: Y, z: Z, value, label } = canvas;
  const t = subject.contrast;
  const division = divide();
  const { head, hemispheres } = surfaces;
  const thin = subject.corticalThickness;
  const gap = 0.5 + 0.7 * subject.atrophy;
  const skull = subject.skullThickness;
  for (let o = 0; o < value.length; o++) {
    const x = X[o];
    const y = Y[o];
    const z = Z[o];
    const hz = z - headCentre[2];
    const square = x * x + y * y + hz * hz;
    if (square > 32000) {
      value[o] = t.air;
      continue;
    }
    const side = x >= 0 ? 0 : 1;
    const ax = side ? -x : x;
    const hemisphere = hemispheres[side];
    const qx = ax - hemisphereCentre[0];
    const qy = y - hemisphereCentre[1];
    const qz = z - hemisphereCentre[2];
    const q = Math.sqrt(qx * qx + qy * qy + qz * qz);
    // Depth below the brain's surface, negative outside.
    let inBrain = -60;
    if (q < 125)
      inBrain = (lookUp(hemisphere.outer.radius, qx, qy, qz) - q) * lookUp(hemisphere.outer.slope, qx, qy, qz);
    if (y > 24 && z < 0) {
      const above = 0.85 * (z - tentorium(ax, y));
      if (above < inBrain) inBrain = above;
    }
    const cx = ax - cerebellumCentre[0];
    const cy = y - cerebellumCentre[1];
    const cz = z - cerebellumCentre[2];
    const c = Math.sqrt(cx * cx + cy * cy + cz * cz);
    let inSmall = -60;
    if (c < 75) {
      const s = surfaces.cerebellum[side];
      inSmall = (lookUp(s.radius, cx, cy, cz) - c) * lookUp(s.slope, cx, cy, cz);
    }
    const inside = inBrain > inSmall ? inBrain : inSmall;
    if (inside <= 0.5) {
      const hr = Math.sqrt(square);
      let under = (lookUp(head.radius, x, y, hz) - 1.3 - hr) * lookUp(head.slope, x, y, hz);
      if (z < -80) under = joined(under, inNeck(x, y, z, subject.neckWidth));
      // Scalp and skull never vanish: the skin is pushed out where it would come too near the brain.
      if (inside > -16 && z > -40) under = joined(under, inside + 7);
      if (under < -1) {
        value[o] = t.air;
        continue;
      }
      const cover = under > 1 ? 1 : 0.5 + 0.5 * under;
      const grain = noise.at(x / 6, y / 6, z / 9);
      const coarse = noise.at(x / 22 + 9, y / 22, z / 28);
      let v: number;
      const skin = subject.scalpThickness * (z > 0 ? 1 : 1.2);
      if (under < 1.5) v = t.skin;
      else if (z > -25 && (y < 40 || z > 10))
        v = t.scalp * (1 + 0.15 * grain) * (z > 20 ? Math.max(0.82, 1.1 - z / 200) : 1);
      else {
        // Muscles with sheets of fat and small vessels between them.
        const plane = Math.abs(noise.at(x / 13 + 4.4, y / 17, z / 30 + 2) + 0.35 * grain);
        v = t.muscle * (1 + 0.2 * grain + 0.15 * coarse);
        if (plane < 0.16) v += (1 - plane / 0.16) * (grain > -0.1 ? 0.75 : -0.5) * (t.fat - v);
      }
      // Fat under the skin, thicker in cheeks and nape.
      const upper = z > -20;
      const fat =
        under < 1.5 ? 0 : upper ? Math.max(0, 1 - Math.abs(under - 4) / 2.5) : Math.max(0, 1 - Math.abs(under - 6) / 5);
      v += fat * (upper ? (z > 30 ? 0.35 : 0.5) : 0.6) * (t.fat - v) * (0.85 + 0.5 * coarse);
      // Skull: from the liquor outwards, as far as the scalp's thickness leaves.
      const out = -inside;
      const base = z < -22 && y < 35;
      const thickness = (base ? 4 : skull * (1 + 0.2 * coarse) * (ax > 40 && z < 25 && y < 30 ? 0.62 : 1)) + 1;
      const room = under - skin * 0.85;
      if (out < thickness + 1.2) {
        let bone = Math.min(1, (thickness + 1.2 - out) / 2);
        if (!base && room < 1) bone *= Math.max(0, 0.5 + room / 2);
        const middle = Math.abs(out - 1.5 - thickness / 2) / (thickness / 2);
        const tableTop =
          t.bone + (base ? 0.06 : Math.max(0, 0.9 - 1.6 * middle) * (t.marrow - t.bone) * (0.7 + coarse));
        v += bone * (tableTop - v);
        if (out < 2) v += (1 - out / 2) * (t.liquor * 0.9 - v) * 0.7;
      }
      value[o] = cover * v + (1 - cover) * t.air;
      if (inside <= 0) continue;
    }
    let v: number;
    let what: number;
    if (inSmall > inBrain - 0.5 || z < -44) {
      // Cerebellum: folia as fine radial stripes, white core painted later.
      const angle = Math.atan2(z + 36, y - 22);
      const stripes = Math.sin(angle * 17 + 2.5 * noise.at(x / 14, y / 14, z / 14)) * (c > 8 ? 1 : c / 8);
      v = t.cerebellarGrey + 0.09 * stripes;
      what = cerebellum[side ? 0 : 1];
      if (inSmall < 1.5) {
        v += (1 - Math.max(0, inSmall) / 1.5) * (t.liquor + 0.08 - v);
        if (inSmall < 0.8) what = liquorLabel;
      }
      if (inBrain > 0 && inSmall - inBrain < 2) v += 0.4 * (t.liquor - v);
    } else {
      const toMid = ax - 0.3 - 0.5 * gap;
      const depth = inBrain < toMid + 0.8 ? inBrain - 0.8 : toMid;
      const r = q > 12 ? q : 12;
      const radial = lookUp(hemisphere.outer.radius, qx, qy, qz);
      const d = lookUp(hemisphere.depth, qx, qy, qz);
      const along = inBrain < toMid + 10 ? inBrain : toMid + 10;
      let sheet = 20;
      let width = gap * 0.5;
      let bend = 0;
      if (along < d + 6) {
        bend = noise.at(x / 11 + 3, y / 11, z / 11);
        const shift = along * lookUp(hemisphere.lean, qx, qy, qz) + 3 * bend;
        sheet = Math.abs(lookUp(hemisphere.fold, qx, qy, qz) * (r / radial) + shift);
        if (along > d) sheet = Math.hypot(sheet, along - d);
        width = gap * (1 - 0.7 * Math.min(1, along / d));
      }
      if (ax > 28 && z > -32 && z < 22) {
        const s = sylvian(
          ax,
          y + subject.islandShift[0],
          z + subject.islandShift[1],
          6 * noise.at(x / 16 + 8, y / 16, z / 16),
        );
        if (s < sheet) {
          sheet = s;
          width = 0.7 * gap;
        }
      }
      const toLiquor = depth < sheet - width ? depth : sheet - width;
      if (toLiquor < -1) v = t.liquor;
      else if (toLiquor < 1) v = t.liquor + (t.grey - t.liquor) * (0.5 + 0.5 * toLiquor);
      else if (toLiquor < thin - 1) v = t.grey;
      else if (toLiquor < thin + 1) v = t.grey + (t.white - t.grey) * (0.5 + 0.5 * (toLiquor - thin));
      else v = t.white;
      if (toLiquor < -0.2) what = liquorLabel;
      else {
        const b = borderShift(noise, x, y, z);
        what = (toLiquor < thin ? division.cortex : division.white)[cellOf(ax, y + b, z - b)] - side;
      }
    }
    if (inside < 0.5) value[o] += (inside / 0.5) * (v - value[o]);
    else value[o] = v;
    label[o] = what;
  }
}
