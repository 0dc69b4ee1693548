import { DataError } from "../errors.ts";
import type { PlaneClass } from "../geometry/index.ts";
import type { Template } from "./types.ts";

const round = (v: number): number => Math.round(v * 1e4) / 1e4 + 0; // + 0: no -0 in JSON

/** One in-plane miss of a landmark finder on a head whose truth is known. */
export interface LandmarkMiss {
  readonly name: string;
  readonly plane: PlaneClass;
  /** Found minus true, mm, along the plane's two directions. */
  readonly errorMm: readonly [number, number];
}

/**
 * The template with the errors a landmark finder was measured to make (held-out heads): a robust standard deviation
 * for each landmark and plane, drawn towards the plane's common figure where samples are few.
 */
export const withErrors = (template: Template, misses: readonly LandmarkMiss[]): Template => {
  if (misses.length === 0) throw new DataError("withErrors: 0 samples; measure errors on held-out heads first");
  const planes = ["sagittal", "coronal", "axial"] as const;
  // Median distance of a 2-D normal error is 1.1774 sigma.
  const spread = (m: readonly LandmarkMiss[]): number => {
    const d = m.map((x) => Math.hypot(...x.errorMm)).sort((a, b) => a - b);
    return d[Math.floor(d.length / 2)] / 1.1774;
  };
  const prior = 10;
  const common = new Map<string, number>();
  for (const plane of planes) {
    const m = misses.filter((x) => x.plane === plane);
    common.set(plane, m.length > 0 ? spread(m) : template.defaultErrorMm);
  }
  const landmarks = template.landmarks.map((l) => {
    const error: Partial<Record<PlaneClass, number>> = {};
    for (const plane of planes) {
      const m = misses.filter((x) => x.plane === plane && x.name === l.name);
      if (m.length === 0) continue;
      const pooled = (m.length * spread(m) ** 2 + prior * (common.get(plane) ?? 0) ** 2) / (m.length + prior);
      error[plane] = round(Math.max(Math.sqrt(pooled), template.floorMm));
    }
    return { ...l, errorMm: error };
  });
  return { ...template, landmarks, defaultErrorMm: round(Math.max(spread(misses), template.floorMm)) };
};
