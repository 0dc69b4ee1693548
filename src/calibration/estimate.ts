import { DataError } from "../errors.ts";
import type { OrientedBox } from "../geometry/index.ts";
import { type Mat3, planeClass, type Vec3 } from "../geometry/index.ts";
import { column } from "../geometry/mat3.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import { applyCorrector, type CorrectorInput } from "./corrector.ts";
import { fitHead, type HeadFit } from "./fit.ts";
import { expectedSigma, type Measurement, measurementOf, sizeOf } from "./model.ts";
import { scoutFrame } from "./scouts.ts";
import type { LandmarkObservation, Scout, Template } from "./types.ts";

/** A box estimated from observations, without margins, and how each observation fared. */
export interface Estimate {
  /** `null` where there are fewer than 4 landmarks or 6 observations to go by. */
  readonly box: OrientedBox | null;
  readonly fit: HeadFit | null;
  /** One an observation, in order. */
  readonly observations: readonly {
    readonly sigmaMm: number;
    readonly residualMm: number | null;
    readonly used: boolean;
  }[];
}

/** How many of the nearest names a message offers. */
const offered = 5;

/** Throws DataError for observations that cannot be read: unknown names, no such scout, no pixel, no confidence. */
export const checkObservations = (
  template: Template,
  scouts: readonly Scout[],
  observations: readonly LandmarkObservation[],
): void => {
  const known = new Set(template.landmarks.map((l) => l.name));
  observations.forEach((o, i) => {
    const what = `observation ${i} (${o.name})`;
    if (!known.has(o.name)) {
      const some = [...known].slice(0, offered).join(", ");
      throw new DataError(`${what}: the template has no landmark of that name; it has ${known.size}: ${some}, ...`);
    }
    if (!Number.isInteger(o.scout) || o.scout < 0 || o.scout >= scouts.length)
      throw new DataError(`${what}: scout is ${o.scout}; it must be an index from 0 to ${scouts.length - 1}`);
    if (!Array.isArray(o.pixel) || o.pixel.length !== 2 || !o.pixel.every(Number.isFinite))
      throw new DataError(
        `${what}: pixel is ${JSON.stringify(o.pixel)}; it must be [column, row], finite; leave out what was not found`,
      );
    if (!(o.confidence >= 0 && o.confidence <= 1))
      throw new DataError(`${what}: confidence is ${o.confidence}; it must be from 0 (ignore) to 1 (trust)`);
    if (o.sigmaMm !== null && !(o.sigmaMm >= 0 && Number.isFinite(o.sigmaMm)))
      throw new DataError(`${what}: sigmaMm is ${o.sigmaMm}; it must be null or a finite error in mm, 0 or more`);
  });
};

const axesOf = (rotation: Mat3): OrientedBox["axes"] => [column(rotation, 0), column(rotation, 1), column(rotation, 2)];

const estimateBoxKeys: KeysOf<{
  readonly anatomicalOnly?: boolean;
  readonly minConfidence?: number;
  readonly correct?: boolean;
}> = { anatomicalOnly: 1, minConfidence: 1, correct: 1 };

/**
 * The oriented box around the anatomy: template fit, then the template's corrector where it has one. Turning head and
 * scouts together turns the box; flipping or transposing a scout, with its geometry to match, changes nothing.
 *
 * Throws DataError for observations that cannot be read.
 */
export const estimateBox = (
  scouts: readonly Scout[],
  observations: readonly LandmarkObservation[],
  template: Template,
  options: { readonly anatomicalOnly?: boolean; readonly minConfidence?: number; readonly correct?: boolean } = {},
): Estimate & { readonly correctorInput: CorrectorInput | null } => {
  checkOptions("estimateBox", options, estimateBoxKeys);
  checkObservations(template, scouts, observations);
  const index = new Map(template.landmarks.map((l, j) => [l.name, j]));
  const classes = scouts.map(planeClass);
  const sigmas: number[] = [];
  const measurements: Measurement[] = [];
  const from: number[] = [];
  observations.forEach((o, i) => {
    const j = index.get(o.name) as number;
    sigmas.push(expectedSigma(template, o, classes[o.scout], j));
    if (o.confidence === 0 || o.confidence < (options.minConfidence ?? 0)) return;
    if (options.anatomicalOnly && template.landmarks[j].virtual) return;
    measurements.push(measurementOf(scouts[o.scout], o, j, sigmas[i]));
    from.push(i);
  });
  if (measurements.length < 6 || new Set(measurements.map((m) => m.landmark)).size < 4) {
    const none = sigmas.map((sigmaMm) => ({ sigmaMm, residualMm: null, used: false }));
    return { box: null, fit: null, observations: none, correctorInput: null };
  }
  const frame = scoutFrame(scouts);
  const fit = fitHead(template, measurements, [frame]);
  const correctorInput: CorrectorInput = {
    fit,
    frame,
    slots: from.map((i) => ({ name: observations[i].name, plane: scouts[observations[i].scout] })),
    measurements,
  };
  let box: OrientedBox = {
    center: fit.shift,
    axes: axesOf(fit.rotation),
    size: sizeOf(template, fit.shape),
  };
  if (template.corrector && options.correct !== false) {
    const corrected = applyCorrector(template, correctorInput);
    box = { center: corrected.center, axes: axesOf(corrected.rotation), size: corrected.size as Vec3 };
  }
  const judged = sigmas.map((sigmaMm) => ({ sigmaMm, residualMm: null as number | null, used: false }));
  from.forEach((i, k) => {
    judged[i] = { sigmaMm: sigmas[i], residualMm: fit.residualMm[k], used: fit.weights[k] > 0 };
  });
  return { box, fit, observations: judged, correctorInput };
};
