import type { OrientedBox } from "../geometry/index.ts";
import {
  angleBetween,
  type Plane,
  type Point3,
  patientFromPixel,
  planeCenter,
  rotationOf,
  type Vec3,
  withSize,
} from "../geometry/index.ts";
import { identity3 } from "../geometry/mat3.ts";
import { boxAngles } from "./angles.ts";
import { type Estimate, estimateBox } from "./estimate.ts";
import { judgeEstimate } from "./judge.ts";
import { type CalibrationOptions, resolveOptions } from "./options.ts";
import { reconstructPoint } from "./points.ts";
import { judgeScouts } from "./scouts.ts";
import { roundBox, slicePack } from "./slices.ts";
import type { CalibratedLandmark, Calibration, LandmarkObservation, Scout, Template } from "./types.ts";

export interface CalibrationInput {
  /** At least one; three or more for a box that is not refused. */
  readonly scouts: readonly Scout[];
  readonly observations: readonly LandmarkObservation[];
  readonly template: Template;
  /** Scouts (indices) whose picture shows nothing; landmarks on them are not used, and the box is refused. */
  readonly blank?: readonly number[];
  readonly options?: CalibrationOptions;
}

/** The box to show where no fit was possible: unrotated, of the template's mean size, about what was seen. */
const fallbackBox = (
  scouts: readonly Scout[],
  observations: readonly LandmarkObservation[],
  t: Template,
): OrientedBox => {
  const seen = observations.filter((o) => o.confidence > 0).map((o) => patientFromPixel(scouts[o.scout], o.pixel));
  const points: readonly Point3<"lps">[] = seen.length > 0 ? seen : scouts.map((s: Plane) => planeCenter(s));
  const middle = [0, 1, 2].map((k) => {
    const v = points.map((p) => p[k]);
    return (Math.min(...v) + Math.max(...v)) / 2;
  }) as unknown as Point3<"lps">;
  return {
    center: middle,
    axes: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    size: t.sizeMm.mean,
  };
};

/** Each observation with the place of its landmark in space and the fit's verdict. */
const describe = (
  scouts: readonly Scout[],
  observations: readonly LandmarkObservation[],
  estimate: Estimate,
): CalibratedLandmark[] => {
  const places = new Map<string, Point3<"lps"> | null>();
  for (const name of new Set(observations.map((o) => o.name))) {
    const sightings = observations.flatMap((o, i) =>
      o.name === name && o.confidence > 0 && (estimate.observations[i].used || !estimate.fit)
        ? [
            {
              plane: scouts[o.scout],
              pixel: o.pixel,
              sigmaMm: estimate.observations[i].sigmaMm,
              confidence: o.confidence,
            },
          ]
        : [],
    );
    places.set(name, reconstructPoint(sightings)?.mm ?? null);
  }
  return observations.map((o, i) => ({
    name: o.name,
    scout: o.scout,
    pixel: o.pixel,
    mm: places.get(o.name) ?? null,
    confidence: o.confidence,
    sigmaMm: estimate.observations[i].sigmaMm,
    residualMm: estimate.observations[i].residualMm,
    used: estimate.observations[i].used,
  }));
};

/**
 * From landmarks found on scouts to the volume to acquire: what `box.json` tells (`boxJson`). The box
 * turns with the head; margins are added on every side, sizes rounded up to whole pixels and slices.
 *
 * A box that should not be used comes back with `refusal` set. Throws GeometryError for scouts or options that make
 * no geometry (none, NaN, spacing 0) and DataError for observations that cannot be read (unknown landmark, no
 * confidence, no such scout).
 */
export const calibrate = ({ scouts, template, blank = [], options, ...input }: CalibrationInput): Calibration => {
  const o = resolveOptions(options);
  const judged = judgeScouts(scouts, o, blank);
  const observations = input.observations.map((x) => (blank.includes(x.scout) ? { ...x, confidence: 0 } : x));
  const estimate = estimateBox(scouts, observations, template, {
    anatomicalOnly: o.anatomicalOnly,
    minConfidence: o.minConfidence,
  });
  const tight = estimate.box ?? fallbackBox(scouts, observations, template);
  const angle = angleBetween(identity3, rotationOf(tight));
  const verdict = judgeEstimate({ scouts, estimate, observations, template, tight, angle, options: o });
  const pack = { orientation: o.orientation, thicknessMm: o.thickness, gapMm: o.gap, voxelMm: o.voxel };
  const wanted = tight.size.map((s, k) => s + 2 * o.margins[k]) as unknown as Vec3;
  const box = roundBox(withSize(tight, wanted), pack);
  const u = estimate.fit?.uncertainty;
  const known = u && [...u.centerMm, ...u.rotvecDeg].every(Number.isFinite);
  return {
    box,
    tight,
    angles: boxAngles(box, o.orientation),
    slices: slicePack(box, pack),
    landmarks: describe(scouts, observations, estimate),
    warnings: [...judged.warnings, ...verdict.warnings],
    refusal: judged.refusal ?? verdict.refusal,
    uncertainty: known ? u : null,
  };
};
