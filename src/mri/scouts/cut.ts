import { type Affine, type Mat3, mat3, type Plane, patientFromPixel, type Vec3 } from "../../geometry/index.ts";
import type { Volume } from "../../io/image.ts";
import type { Random } from "../../random.ts";
import type { VolumeFacts } from "./volume-facts.ts";

/**
 * A volume ends in the neck, and where it ends its edge turns with the head: a network could read the pose from it. So
 * everything beyond planes that are fixed to the scanner is taken for air, and the planes lie inside all tissue that the
 * volume's faces cut, as far as the scouts show it.
 */
export interface FieldOfView {
  /** Lowest and highest x, y, z (scanner, LPS mm) that is still shown. */
  readonly low: Vec3;
  readonly high: Vec3;
}

export interface CutOptions {
  /** The neck ends at a height drawn from this range, mm below (negative) the isocenter; null: only where it must. */
  readonly neckCutMm?: readonly [low: number, high: number] | null;
  /** Tissue on a face this near to a scout's plane is shown by it, mm. Default 5. */
  readonly reachMm?: number;
}

/** Below every pose's brain for heads turned up to 15 degrees and shifted up to 15 mm. */
export const defaultNeckCut: readonly [number, number] = [-120, -100];
/** The cut lies up to this far inside the volume's edge, so that it never just touches it. */
const clearance: readonly [number, number] = [1, 5];

/** A direction along the scanner's axes: 0 x, 1 y, 2 z. */
interface Direction {
  readonly axis: 0 | 1 | 2;
  readonly sign: 1 | -1;
}

/** The scanner direction nearest to a face's outward normal. */
const nearestDirection = (face: number, linear: Mat3): Direction => {
  const column = mat3.column(linear, (face >> 1) as 0 | 1 | 2);
  const outward = face & 1 ? column : ([-column[0], -column[1], -column[2]] as Vec3);
  const sizes = outward.map(Math.abs);
  const axis = (sizes[2] >= sizes[0] && sizes[2] >= sizes[1] ? 2 : sizes[1] >= sizes[0] ? 1 : 0) as 0 | 1 | 2;
  return { axis, sign: outward[axis] > 0 ? 1 : -1 };
};

/** How far inwards tissue on the wanted faces reaches, as far as the scouts show it: per axis, from below and from above. */
const reachOfCutTissue = (
  facts: VolumeFacts,
  { linear: [a, b, c, d, e, f, g, h, i], offset: [ox, oy, oz] }: Affine<"lps", "lps">,
  directions: readonly Direction[],
  { low, high }: FieldOfView,
  reachMm: number,
  wanted: (face: number) => boolean,
): { lowest: number[]; highest: number[] } => {
  const lowest = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const highest = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const use = directions.map((_, face) => wanted(face));
  for (let n = 0; n < facts.cutFace.length; n++) {
    if (!use[facts.cutFace[n]]) continue;
    const x = facts.cutTissue[3 * n];
    const y = facts.cutTissue[3 * n + 1];
    const z = facts.cutTissue[3 * n + 2];
    const p = [a * x + b * y + c * z + ox, d * x + e * y + f * z + oy, g * x + h * y + i * z + oz];
    if (Math.min(Math.abs(p[0]), Math.abs(p[1]), Math.abs(p[2])) > reachMm) continue;
    if (p.some((v, k) => v < low[k] || v > high[k])) continue;
    const { axis, sign } = directions[facts.cutFace[n]];
    if (sign < 0) lowest[axis] = Math.max(lowest[axis], p[axis]);
    else highest[axis] = Math.min(highest[axis], p[axis]);
  }
  return { lowest, highest };
};

/**
 * The scanner's field of view for a head placed by `map`: the neck ends at a random height that knows nothing of the
 * pose, or, where the volume ends above that, just inside its rotated edge; the other faces cut only where tissue that
 * is still shown touches them.
 *
 * @param volume in its own patient frame; `facts` belong to it.
 * @param map from there to the scanner.
 */
export const fieldOfView = (
  volume: Volume,
  facts: VolumeFacts,
  map: Affine<"lps", "lps">,
  random: Random,
  { neckCutMm = defaultNeckCut, reachMm = 5 }: CutOptions = {},
): FieldOfView => {
  const low: [number, number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const high: [number, number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  // Both are drawn for every head, so that later draws do not depend on its pose.
  const height = random.uniform(...(neckCutMm ?? [0, 0]));
  const inside = random.uniform(...clearance);
  if (neckCutMm) low[2] = height;
  const linear = mat3.multiply(map.linear, volume.affine.linear);
  const directions = [0, 1, 2, 3, 4, 5].map((face) => nearestDirection(face, linear));
  const touch = (wanted: (face: number) => boolean) => {
    const { lowest, highest } = reachOfCutTissue(facts, map, directions, { low, high }, reachMm, wanted);
    for (const axis of [0, 1, 2] as const) {
      low[axis] = Math.max(low[axis], lowest[axis] + inside);
      high[axis] = Math.min(high[axis], highest[axis] - inside);
    }
  };
  // The neck first: what hangs from it (shoulders, chin) then no longer touches the sides.
  const below = (face: number) => directions[face].axis === 2 && directions[face].sign < 0;
  touch(below);
  touch((face) => !below(face));
  return { low, high };
};

/** Share of a pixel, of width `mm` and centered at x, that lies between low and high. */
const shown = (x: number, mm: number, low: number, high: number): number => {
  const share = Math.min((x - low) / mm, (high - x) / mm) + 0.5;
  return share <= 0 ? 0 : Math.min(share, 1);
};

/** Fades what lies outside the field of view to 0, in place. The plane must be one of `scoutPlanes`: along the axes. */
export const cutImage = (data: Float32Array, plane: Plane, { low, high }: FieldOfView): void => {
  const share = (axis: number, at: Vec3, mm: number) => shown(at[axis], mm, low[axis], high[axis]);
  const axisOf = (v: Vec3) => v.findIndex((c) => Math.abs(c) > 0.5);
  const [columnAxis, rowAxis] = [axisOf(plane.columnDirection), axisOf(plane.rowDirection)];
  const across = Array.from({ length: plane.columns }, (_, c) =>
    share(columnAxis, patientFromPixel(plane, [c, 0]), plane.spacing[1]),
  );
  for (let r = 0; r < plane.rows; r++) {
    const down = share(rowAxis, patientFromPixel(plane, [0, r]), plane.spacing[0]);
    for (let c = 0; c < plane.columns; c++) data[r * plane.columns + c] *= down * across[c];
  }
};
