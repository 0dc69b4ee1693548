import { planeClass } from "../geometry/index.ts";
import { type Estimate, estimateBox } from "./estimate.ts";
import type { LandmarkObservation, Refusal, Scout, Template } from "./types.ts";

/**
 * A scout contradicts a fit where half its landmarks lie further from it than both of these. On 90 sets of good scouts
 * of 15 heads no scout's median was above 1.25 times the expected error; of pictures turned, exchanged or of noise the
 * worst scout's was 3 to 20 times that, and at least 4 mm.
 */
const expectedErrors = 2.5;
const leastMm = 4;
/** Fewer landmarks than this say nothing about a scout. */
const fewest = 3;

const median = (v: readonly number[]): number => [...v].sort((a, b) => a - b)[Math.floor(v.length / 2)];

/** Scouts (indices) whose landmarks lie off the fit as a whole, whether the fit used them or not. */
const off = (observations: readonly LandmarkObservation[], { observations: judged }: Estimate): number[] =>
  [...new Set(observations.map((o) => o.scout))].filter((scout) => {
    const own = judged.filter((j, i) => observations[i].scout === scout && j.residualMm !== null);
    return (
      own.length >= fewest &&
      median(own.map((j) => j.residualMm as number)) > leastMm &&
      median(own.map((j) => (j.residualMm as number) / j.sigmaMm)) > expectedErrors
    );
  });

const without = (observations: readonly LandmarkObservation[], scout: number): LandmarkObservation[] =>
  observations.map((o) => (o.scout === scout ? { ...o, confidence: 0 } : o));

/** Scouts of which one alone is to blame: without it, the others agree. */
const suspects = (
  scouts: readonly Scout[],
  observations: readonly LandmarkObservation[],
  template: Template,
  minConfidence: number,
): number[] =>
  scouts.flatMap((_, k) => {
    const rest = without(observations, k);
    const estimate = estimateBox(scouts, rest, template, { minConfidence, correct: false });
    const others = rest.filter((o) => o.confidence > 0);
    const judged = estimate.observations.filter((_j, i) => rest[i].confidence > 0);
    return estimate.fit && off(others, { ...estimate, observations: judged }).length === 0 ? [k] : [];
  });

/** How surely a scout's landmarks were found: their median confidence. */
const sureness = (observations: readonly LandmarkObservation[], scout: number): number =>
  median(observations.filter((o) => o.scout === scout).map((o) => o.confidence));

/** Landmarks on a picture that is not what its geometry says are found with less confidence than on the others. */
const lessSureBy = 0.9;

/** Why scouts contradict each other, and whether the scout it names was found less surely than the others as well. */
export interface Contradiction {
  readonly refusal: Refusal;
  readonly lessSure: boolean;
}

/**
 * The refusal for scouts whose pictures contradict each other: one turned or exchanged, or without a head in it. It names
 * the scout without which the others agree; where there is no such scout or more than one, or where its landmarks were
 * found more surely than all others', the least sure one. `null` where all scouts agree with the fit.
 */
export const judgeAgreement = (
  scouts: readonly Scout[],
  observations: readonly LandmarkObservation[],
  estimate: Estimate,
  template: Template,
  minConfidence: number,
): Contradiction | null => {
  if (scouts.length < 3 || !estimate.fit || off(observations, estimate).length === 0) return null;
  const shown = [...new Set(observations.map((o) => o.scout))];
  const sure = (scout: number): number => sureness(observations, scout);
  const most = Math.max(...shown.map(sure));
  const others = (scout: number): number => Math.max(...shown.filter((k) => k !== scout).map(sure));
  const alone = suspects(scouts, observations, template, minConfidence).filter(
    (k) => lessSureBy * sure(k) <= others(k),
  );
  const worst = (alone.length > 0 ? alone : shown).reduce((a, b) => (sure(b) < sure(a) ? b : a));
  const scout = planeClass(scouts[worst]);
  const refusal: Refusal = {
    code: "contradiction",
    scout,
    text:
      alone.length > 0
        ? `the landmarks on the ${scout} scout contradict those on the others`
        : `the landmarks on the scouts contradict each other, and those on the ${scout} one are the least sure`,
    cure: `look whether the ${scout} scout shows the head, as its geometry says (not turned or mirrored), and no other scout's picture; take it again`,
  };
  return { refusal, lessSure: sure(worst) < lessSureBy * most };
};
