import type { OrientedBox, Vec3 } from "../geometry/index.ts";
import { judgeAgreement } from "./agreement.ts";
import type { Estimate } from "./estimate.ts";
import type { ResolvedOptions } from "./options.ts";
import type { LandmarkObservation, Refusal, Scout, Template, Warning } from "./types.ts";

export interface Evidence {
  readonly scouts: readonly Scout[];
  readonly estimate: Estimate;
  readonly observations: readonly LandmarkObservation[];
  readonly template: Template;
  /** The estimated box without margins. */
  readonly tight: OrientedBox;
  /** Total angle between the box and the patient axes, degrees. */
  readonly angle: number;
  readonly options: ResolvedOptions;
}

const axisNames = ["left-right", "front-back", "foot-head"] as const;
const mm = (v: number): string => v.toFixed(1);
const median = (v: readonly number[]): number => [...v].sort((a, b) => a - b)[Math.floor(v.length / 2)];

/** Sizes accepted where the operator's protocol names none. */
export const defaultPresets = (t: Template): { minMm: Vec3; maxMm: Vec3 } => ({
  minMm: t.sizeMm.mean.map((s) => 0.7 * s) as unknown as Vec3,
  maxMm: t.sizeMm.mean.map((s) => 1.3 * s) as unknown as Vec3,
});

/** Whether an estimate may be used: the first reason against it, and what the operator should look at. */
export const judgeEstimate = (e: Evidence): { refusal: Refusal | null; warnings: Warning[] } => {
  const { scouts, estimate, observations, template, options: o } = e;
  const warnings: Warning[] = [];
  const refuse = (code: Refusal["code"], text: string, cure: string) => ({
    refusal: { code, scout: null, text, cure },
    warnings,
  });
  const warn = (code: string, text: string, cure: string): void => {
    warnings.push({ code, scout: null, text, cure });
  };

  const weak = observations.filter((x) => x.confidence < o.minConfidence);
  if (observations.length > 0 && weak.length > observations.length / 2)
    return refuse(
      "low_confidence",
      `${weak.length} of ${observations.length} landmarks were found with less confidence than ${o.minConfidence}`,
      "look at the scouts and take them again",
    );
  if (weak.length > 0)
    warn(
      "low_confidence",
      `${weak.length} of ${observations.length} landmarks are left out for low confidence: ${weak
        .map((x) => x.name)
        .slice(0, 5)
        .join(", ")}`,
      "look at them on the scouts",
    );

  const { fit } = estimate;
  if (!fit)
    return refuse(
      "too_few_landmarks",
      `${observations.length - weak.length} usable landmarks on the scouts; at least 6 of at least 4 structures are needed`,
      "check that the scouts show the whole head",
    );
  const contradiction = judgeAgreement(scouts, observations, estimate, template, o.minConfidence);
  const residuals = fit.residualMm;
  const typical = median(residuals);
  // Where no scout stands out, all of them may be mirrored or of no head at all: that is said further down.
  if (contradiction?.lessSure) return { refusal: contradiction.refusal, warnings };
  if (typical > o.maxResidual)
    return refuse(
      "residual",
      `landmarks lie ${mm(typical)} mm (median) from where any head of the template would have them, limit ${mm(o.maxResidual)} mm`,
      "check that the scouts are of a head and not mirrored",
    );
  const used = fit.weights.filter((w) => w > 0).length;
  if (used < (2 * residuals.length) / 3)
    return refuse(
      "residual",
      `only ${used} of ${residuals.length} landmarks agree with one box`,
      "check the landmarks on the scouts",
    );
  if (contradiction) return { refusal: contradiction.refusal, warnings };
  if (used < residuals.length)
    warn(
      "outliers",
      `${residuals.length - used} of ${residuals.length} landmarks disagree with the others and are not used`,
      "look at them on the scouts",
    );
  if (fit.inflation > 2)
    warn("scatter", `landmarks scatter ${mm(fit.inflation)} times more than expected`, "look at them on the scouts");

  const worstAngle = Math.max(...fit.uncertainty.rotvecDeg);
  const worstPlace = Math.max(...fit.uncertainty.centerMm);
  if (!(worstAngle <= o.maxUncertainty.deg && worstPlace <= o.maxUncertainty.mm))
    return refuse(
      "undetermined",
      `the landmarks leave the box open: standard error ${mm(worstAngle)} degrees and ${mm(worstPlace)} mm, limits ${o.maxUncertainty.deg} degrees and ${o.maxUncertainty.mm} mm`,
      "more landmarks on more scouts are needed",
    );

  if (e.angle > o.maxAngle)
    return refuse(
      "angulation",
      `the box is turned by ${mm(e.angle)} degrees, limit ${o.maxAngle} degrees`,
      "straighten the head or take new scouts",
    );
  if (e.angle > template.angleDeg)
    warn(
      "angulation",
      `the box is turned by ${mm(e.angle)} degrees, more than the ${template.angleDeg} degrees this was trained for`,
      "straighten the head, or look at the box with care",
    );

  const { minMm, maxMm } = o.presets ?? defaultPresets(template);
  for (let k = 0; k < 3; k++) {
    const size = e.tight.size[k];
    if (!(size >= minMm[k] && size <= maxMm[k]))
      return refuse(
        "size",
        `the anatomy measures ${mm(size)} mm ${axisNames[k]}, outside ${mm(minMm[k])} to ${mm(maxMm[k])} mm`,
        "check the scouts, or choose another protocol",
      );
    const { mean, sd } = template.sizeMm;
    if (Math.abs(size - mean[k]) > 4 * Math.max(sd[k], 0.01 * mean[k]))
      warn(
        "size",
        `the anatomy measures ${mm(size)} mm ${axisNames[k]}; ${mm(mean[k])} mm is usual`,
        "look at the box with care",
      );
  }
  return { refusal: null, warnings };
};
