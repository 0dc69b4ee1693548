import type { Random } from "../../random.ts";
import { coefficientsOf, lookUp, nodeDirections, nodes, radiiOf, type Star, starOf } from "./directions.ts";
import type { Noise } from "./noise.ts";
import {
  cerebellumDeviation,
  cerebellumOutline,
  headDeviation,
  headOutline,
  hemisphereDeviation,
  hemisphereOutline,
} from "./outlines.ts";
import type { Subject } from "./subject.ts";

/** A hemisphere's outer surface and its folds, by direction from its center (mirrored for the right one). */
export interface Hemisphere {
  readonly outer: Star;
  /** Signed distance in mm along the surface to the middle of the nearest sulcus, about. */
  readonly fold: Float32Array;
  /** How far that distance changes per mm of depth: sulci lean. */
  readonly lean: Float32Array;
  /** Depth of the sulcus, mm. */
  readonly depth: Float32Array;
}

export interface Surfaces {
  readonly head: Star;
  /** Left, right. */
  readonly hemispheres: readonly [Hemisphere, Hemisphere];
  readonly cerebellum: readonly [Star, Star];
}

const isOdd = (c: number): boolean => {
  const m = c - Math.floor(Math.sqrt(c)) ** 2;
  return m > 0 && m % 2 === 0;
};

/** Adds to every coefficient a normal of its degree's deviation, times `even` or `odd` by its symmetry in x. */
function vary(c: Float64Array, deviation: readonly number[], random: Random, even: number, odd: number): Float64Array {
  return c.map((v, i) => {
    const d = deviation[Math.floor(Math.sqrt(i))];
    const r = Math.max(-2.5, Math.min(2.5, random.normal()));
    return v + d * r * (isOdd(i) ? odd : even);
  });
}

/**
 * A labyrinth of furrows: the zero lines of plane waves of one length from random directions, summed on the surface.
 * Their phase, asin(g / amplitude) with the amplitude from value and slope, gives the distance to the nearest line and
 * stays within a quarter of the wave.
 */
function foldTable(random: Random, radius: Float32Array, spacing: number): Float32Array {
  const d = nodeDirections();
  const field = new Float32Array(nodes * nodes);
  // Waves that meet the surface at a slant look longer on it: the factor makes up for the mean of that.
  const k = (1.2 * Math.PI) / spacing;
  for (let wave = 0; wave < 14; wave++) {
    const axis = [random.normal(), random.normal(), random.normal()];
    const f = k / Math.hypot(axis[0], axis[1], axis[2]);
    const phase = random.uniform(0, 2 * Math.PI);
    for (let n = 0; n < field.length; n++) {
      const along = axis[0] * d[3 * n] + axis[1] * d[3 * n + 1] + axis[2] * d[3 * n + 2];
      field[n] += Math.cos(f * radius[n] * along + phase);
    }
  }
  const out = new Float32Array(field.length);
  const h = 0.03;
  for (let n = 0; n < field.length; n++) {
    const x = d[3 * n];
    const y = d[3 * n + 1];
    const z = d[3 * n + 2];
    const dx = lookUp(field, x + h, y, z) - lookUp(field, x - h, y, z);
    const dy = lookUp(field, x, y + h, z) - lookUp(field, x, y - h, z);
    const dz = lookUp(field, x, y, z + h) - lookUp(field, x, y, z - h);
    const rise = Math.hypot(dx, dy, dz) / (2 * h * radius[n]);
    out[n] = Math.atan2(field[n], rise / k) / k;
  }
  return out;
}

export function drawSurfaces(random: Random, noise: Noise, subject: Subject): Surfaces {
  const skin = vary(coefficientsOf(headOutline), headDeviation, random.fork("skin"), 0.25, 0.1);
  const head = starOf(radiiOf(skin));
  const d = nodeDirections();
  const brain = random.fork("brain");
  // Most of a hemisphere's departure is shared by its twin; the rest makes the small asymmetries.
  const common = vary(coefficientsOf(hemisphereOutline), hemisphereDeviation, brain, 0.45, 0.45);
  const hemisphere = (side: number): Hemisphere => {
    const own = vary(common, hemisphereDeviation, brain.fork(side), 0.25, 0.25);
    const radius = radiiOf(own);
    const lean = new Float32Array(radius.length);
    const depth = new Float32Array(radius.length);
    for (let n = 0; n < radius.length; n++) {
      const x = 3 * d[3 * n] + 11 * side;
      const y = 3 * d[3 * n + 1];
      const z = 3 * d[3 * n + 2];
      lean[n] = 0.5 * noise.at(x + 3.3, y, z);
      depth[n] = Math.min(subject.sulcusDepth * (1 + 0.45 * noise.at(x, y + 8.1, z)), 0.36 * radius[n]);
    }
    const outer = starOf(radius);
    const fold = foldTable(brain.fork(`folds ${side}`), radius, subject.sulcusSpacing);
    return { outer, fold, lean, depth };
  };
  const small = vary(coefficientsOf(cerebellumOutline), cerebellumDeviation, random.fork("cerebellum"), 0.5, 0.5);
  const cerebellum = (side: number): Star =>
    starOf(radiiOf(vary(small, cerebellumDeviation, random.fork(`cerebellum ${side}`), 0.2, 0.2)));
  return { head, hemispheres: [hemisphere(0), hemisphere(1)], cerebellum: [cerebellum(0), cerebellum(1)] };
}
