import { z } from "zod";
import { templateFromJson, templateJson } from "../calibration/index.ts";
import type { Equipment } from "./scout-model.ts";

/** An estimator with the names and the order of `calibration.json`. */
export const equipmentJson = (e: Equipment) => ({
  format: e.format,
  template: templateJson(e.template),
  usual_spread_mm: e.usualSpreadMm,
  mean_head: { axes: e.meanHead.axes, size_mm: e.meanHead.sizeMm },
});

const vec3 = z.tuple([z.number(), z.number(), z.number()]);

/** `calibration.json` but for its template, which `templateFromJson` checks. */
export const equipmentSchema = z.object({
  format: z.literal("fiducial/equipment@1"),
  template: z.unknown(),
  usual_spread_mm: z.object({
    sagittal: z.array(z.number()),
    coronal: z.array(z.number()),
    axial: z.array(z.number()),
  }),
  mean_head: z.object({ axes: z.tuple([vec3, vec3, vec3]), size_mm: vec3 }),
});

/** The estimator in a `calibration.json` that fits the schema. Throws DataError for a template that is none. */
export const equipmentFromJson = (e: z.infer<typeof equipmentSchema>): Equipment => ({
  format: e.format,
  template: templateFromJson(e.template),
  usualSpreadMm: e.usual_spread_mm,
  meanHead: { axes: e.mean_head.axes, sizeMm: e.mean_head.size_mm },
});
