import { read } from "./directions.ts";
import type { Noise } from "./noise.ts";
import type { Subject } from "./subject.ts";
import type { Hemisphere } from "./surfaces.ts";

/** Sylvian fissure and the insular cortex behind it: distance in mm to that sheet, from the side, bent by `bend` mm. */
function sylvian(ax: number, y: number, z: number, bend: number): number {
  const s = 0.9 * (z - (-1.5 + 0.42 * (y + 5))) + bend;
  const before = y < -42 ? -42 - y : y > 30 ? y - 30 : 0;
  const inner = 38.5 - 0.016 * s * s - 0.04 * Math.abs(y + 8) + 0.6 * bend - ax;
  const slit = Math.hypot(Math.max(inner, 0), s, before);
  const over = Math.abs(s - 1) - 9;
  const end = y < -26 ? -26 - y : y > 12 ? y - 12 : 0;
  const island = Math.hypot(inner, Math.max(over, 0), end);
  return Math.min(slit, island);
}

/**
 * How far a point of a hemisphere lies from the nearest cerebrospinal fluid, mm: from the brain's surface, from the other hemisphere,
 * from a sulcus' middle line less half its width, from the Sylvian fissure; negative in it.
 * The point's direction from the hemisphere's center must have been aimed at (directions.ts); `distance` is its distance
 * from there, `inBrain` its depth below the brain's surface, `ax` its distance from the midline.
 */
export type Folds = (
  h: Hemisphere,
  ax: number,
  x: number,
  y: number,
  z: number,
  distance: number,
  inBrain: number,
) => number;

export function foldsOf(subject: Subject, noise: Noise): Folds {
  const gap = 0.5 + 0.7 * subject.atrophy;
  const [shiftY, shiftZ] = subject.islandShift;
  return (h, ax, x, y, z, distance, inBrain) => {
    const toMid = ax - 0.3 - 0.5 * gap;
    const depth = inBrain < toMid + 0.8 ? inBrain - 0.8 : toMid;
    // Sulci of the inner face are counted from a depth of 10 mm: they are shallower.
    const along = Math.min(inBrain, toMid + 10);
    const floor = read(h.depth);
    let sheet = 20;
    let width = 0.5 * gap;
    if (along < floor + 6) {
      const shift = along * read(h.lean) + 3 * noise.at(x / 11 + 3, y / 11, z / 11);
      // Towards the center the sheets draw together, as the directions do.
      sheet = Math.abs((read(h.fold) * Math.max(distance, 12)) / read(h.outer.radius) + shift);
      if (along > floor) sheet = Math.sqrt(sheet * sheet + (along - floor) ** 2);
      width = gap * (1 - 0.7 * (along < floor ? along / floor : 1));
    }
    if (ax > 28 && z > -32 && z < 22) {
      const s = sylvian(ax, y + shiftY, z + shiftZ, 6 * noise.at(x / 16 + 8, y / 16, z / 16));
      if (s < sheet) {
        sheet = s;
        width = 0.7 * gap;
      }
    }
    return Math.min(depth, sheet - width);
  };
}
