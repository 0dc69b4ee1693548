import { DataError } from "../errors.ts";
import type { Corrector, Template } from "./types.ts";

const correctorJson = ({ featureMean, ...c }: Corrector) => ({
  slots: c.slots,
  feature_mean: featureMean,
  weights: c.weights,
  bias: c.bias,
  limit: c.limit,
  ridge: c.ridge,
});

/** A template with the names and the order of its file, "fiducial/template@1". */
export const templateJson = (t: Template) => ({
  format: t.format,
  heads: t.heads,
  landmarks: t.landmarks.map(({ meanMm, varianceMm2, errorMm, ...l }) => ({
    name: l.name,
    virtual: l.virtual,
    mean_mm: meanMm,
    variance_mm2: varianceMm2,
    error_mm: errorMm,
  })),
  modes: t.modes.map((m) => ({ landmarks_mm: m.landmarksMm, size_mm: m.sizeMm })),
  size_mm: t.sizeMm,
  scale_sd: t.scaleSd,
  default_error_mm: t.defaultErrorMm,
  floor_mm: t.floorMm,
  angle_deg: t.angleDeg,
  corrector: t.corrector && correctorJson(t.corrector),
});
type TemplateJson = ReturnType<typeof templateJson>;

/** Throws DataError, naming the file's field, unless a value is a template that this version understands. */
const check = (value: unknown): TemplateJson => {
  const t = value as Partial<TemplateJson> | null;
  const fail = (field: string, want: string): never => {
    throw new DataError(`template: ${field} must be ${want}; make the template again with fitTemplate`);
  };
  if (typeof t !== "object" || t === null || t.format !== "fiducial/template@1")
    return fail("format", '"fiducial/template@1"');
  const finite = (v: unknown, length: number): boolean =>
    Array.isArray(v) && v.length === length && v.every((x) => Number.isFinite(x));
  if (!Array.isArray(t.landmarks) || t.landmarks.length === 0) return fail("landmarks", "a list that is not empty");
  const names = new Set<string>();
  for (const l of t.landmarks) {
    if (typeof l.name !== "string" || names.has(l.name)) fail("landmarks[].name", "a name of its own");
    names.add(l.name);
    if (!finite(l.mean_mm, 3)) fail(`${l.name}.mean_mm`, "three finite numbers");
    if (!finite(l.variance_mm2, 3) || !l.variance_mm2.every((v: number) => v >= 0))
      fail(`${l.name}.variance_mm2`, "three numbers, 0 or more");
    if (Object.values(l.error_mm ?? {}).some((e) => !((e as number) >= 0))) fail(`${l.name}.error_mm`, "0 or more");
  }
  for (const m of t.modes ?? [])
    if (!finite(m.landmarks_mm, 3 * t.landmarks.length) || !finite(m.size_mm, 3))
      fail("modes[]", "three numbers a landmark and three for the size");
  if (!finite(t.size_mm?.mean, 3) || !t.size_mm?.mean.every((s) => s > 0))
    fail("size_mm.mean", "three positive numbers");
  if (!finite(t.scale_sd, 3)) fail("scale_sd", "three numbers");
  if (!((t.default_error_mm ?? 0) > 0) || !((t.floor_mm ?? 0) > 0)) fail("default_error_mm and floor_mm", "positive");
  return t as TemplateJson;
};

/** The template in a value that was read from JSON. Throws DataError, naming the field, for one that is none. */
export const templateFromJson = (value: unknown): Template => {
  const t = check(value);
  return {
    format: t.format,
    heads: t.heads,
    landmarks: t.landmarks.map((l) => ({
      name: l.name,
      virtual: l.virtual,
      meanMm: l.mean_mm,
      varianceMm2: l.variance_mm2,
      errorMm: l.error_mm ?? {},
    })),
    modes: (t.modes ?? []).map((m) => ({ landmarksMm: m.landmarks_mm, sizeMm: m.size_mm })),
    sizeMm: t.size_mm,
    scaleSd: t.scale_sd,
    defaultErrorMm: t.default_error_mm,
    floorMm: t.floor_mm,
    angleDeg: t.angle_deg,
    corrector: t.corrector ? correctorFromJson(t.corrector) : null,
  };
};

const correctorFromJson = ({ feature_mean, ...c }: ReturnType<typeof correctorJson>): Corrector => ({
  ...c,
  featureMean: feature_mean,
});
