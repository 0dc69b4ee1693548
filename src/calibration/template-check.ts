import { DataError } from "../errors.ts";
import type { Template } from "./types.ts";

/** Throws DataError, naming the field, unless a value read from JSON is a template this version understands. */
export const checkTemplate = (value: unknown): Template => {
  const t = value as Partial<Template> | null;
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
  return t as Template;
};
