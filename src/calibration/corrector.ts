import {
  add,
  type Mat3,
  type Plane,
  type Point3,
  planeClass,
  rotationFromVector,
  type Vec3,
  vectorFromRotation,
} from "../geometry/index.ts";
import { apply, multiply, transpose } from "../geometry/mat3.ts";
import type { HeadFit } from "./fit.ts";
import { inPlaneResidual, type Measurement, sizeOf } from "./model.ts";
import type { Corrector, Template } from "./types.ts";

/** What a corrector looks at: a fit and the residuals it left. */
export interface CorrectorInput {
  readonly fit: HeadFit;
  /** The scouts' own axes (`scoutFrame`). */
  readonly frame: Mat3;
  /** Name and plane of each measurement. */
  readonly slots: readonly { readonly name: string; readonly plane: Plane }[];
  readonly measurements: readonly Measurement[];
}

/** Coordinates that a plane of each class shows, along the scouts' axes. */
const shown = { sagittal: [1, 2], coronal: [0, 2], axial: [0, 1] } as const;

/** The class of a plane seen from the scouts' own axes, so that it does not change when all of them are turned. */
const classIn = (frame: Mat3, plane: Plane): keyof typeof shown => {
  const back = transpose(frame);
  return planeClass({
    ...plane,
    columnDirection: apply(back, plane.columnDirection),
    rowDirection: apply(back, plane.rowDirection),
  });
};

export const slotOf = (input: CorrectorInput, i: number): string =>
  `${classIn(input.frame, input.slots[i].plane)}/${input.slots[i].name}`;

/**
 * The corrector's inputs: for each slot the in-plane residual along the scouts' axes (mm; 0 where the landmark is
 * missing or was dropped; the mean where several scouts of a class show it), the rotation vector against the scouts'
 * axes in tens of degrees (3), and the size's deviation from the template's in tens of mm (3).
 */
export const correctorFeatures = (template: Template, slots: readonly string[], input: CorrectorInput): number[] => {
  const place = new Map(slots.map((s, k) => [s, k]));
  const sums = new Float64Array(2 * slots.length);
  const counts = new Float64Array(slots.length);
  const back = transpose(input.frame);
  input.measurements.forEach((m, i) => {
    const slot = slotOf(input, i);
    const k = place.get(slot);
    if (k === undefined || input.fit.weights[i] === 0) return;
    const [a, b] = inPlaneResidual(template, m, input.fit);
    const along = apply(back, add([m.u[0] * a, m.u[1] * a, m.u[2] * a], [m.v[0] * b, m.v[1] * b, m.v[2] * b]));
    const axes = shown[slot.split("/")[0] as keyof typeof shown];
    sums[2 * k] += along[axes[0]];
    sums[2 * k + 1] += along[axes[1]];
    counts[k]++;
  });
  const residuals = Array.from(sums, (v, k) => v / Math.max(1, counts[k >> 1]));
  const rotation = vectorFromRotation(multiply(back, input.fit.rotation)).map((v) => v / 10);
  const size = sizeOf(template, input.fit.shape).map((v, k) => (v - template.sizeMm.mean[k]) / 10);
  return [...residuals, ...rotation, ...size];
};

/** The corrector's nine outputs for a fit: rotation vector (degrees), center (mm), size (mm), along the head's axes. */
export const correction = (template: Template, c: Corrector, input: CorrectorInput): number[] => {
  const x = correctorFeatures(template, c.slots, input);
  return c.bias.map((bias, o) => {
    const v = x.reduce((s, xi, k) => s + (xi - c.featureMean[k]) * c.weights[k][o], bias);
    return Math.max(-c.limit[o], Math.min(c.limit[o], v));
  });
};

/** Rotation, center and size after the template's corrector. */
export const applyCorrector = (
  template: Template,
  input: CorrectorInput,
): { rotation: Mat3; center: Point3<"lps">; size: Vec3 } => {
  const { rotation, shift, shape } = input.fit;
  const c = template.corrector ? correction(template, template.corrector, input) : new Array<number>(9).fill(0);
  const size = sizeOf(template, shape);
  return {
    rotation: multiply(rotation, rotationFromVector([c[0], c[1], c[2]])),
    center: add(shift, apply(rotation, [c[3], c[4], c[5]])) as Point3<"lps">,
    size: [size[0] + c[6], size[1] + c[7], size[2] + c[8]],
  };
};
