import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { checkTemplate } from "../calibration/index.ts";
import type { MriFolder, SplitName } from "../data/mri/folder.node.ts";
import type { Device } from "../device/index.ts";
import { DataError, ParseError } from "../errors.ts";
import type { StateSource } from "../nn/index.ts";
import { checkpointFiles, readWeights } from "../training/index.ts";
import { scoutNetConfig } from "./config.ts";
import type { JudgedHead } from "./evaluate.ts";
import { buildNet, type Equipment, equipmentFile, type ScoutModel } from "./scout-model.ts";

/** Of a run's config.json only the network is read back: what else a later version writes there does not matter. */
const configFile = z.object({ net: scoutNetConfig });

const readJson = (path: string, what: string): unknown => {
  if (!existsSync(path)) throw new DataError(`${path}: missing; ${what}`);
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new ParseError(
      "json",
      `${path}: ${(error as Error).message}; the file is damaged, train again or restore it`,
      { file: path },
    );
  }
};

const vec3 = z.tuple([z.number(), z.number(), z.number()]);
const equipmentSchema = z.object({
  format: z.literal("fiducial/equipment@1"),
  template: z.unknown(),
  usual_spread_mm: z.object({
    sagittal: z.array(z.number()),
    coronal: z.array(z.number()),
    axial: z.array(z.number()),
  }),
  mean_head: z.object({ axes: z.tuple([vec3, vec3, vec3]), size_mm: vec3 }),
});

/** Checks what stands in `calibration.json`. */
const readEquipment = (path: string): Equipment => {
  const parsed = equipmentSchema.safeParse(readJson(path, "this run was not finished: train it to its end (--resume)"));
  if (!parsed.success)
    throw new ParseError(
      "json",
      `${path}: ${parsed.error.issues[0].path.join(".")}: ${parsed.error.issues[0].message}; train again or restore the file`,
      { file: path },
    );
  return { ...parsed.data, template: checkTemplate(parsed.data.template) };
};

/** The network's weights: the best, or without them the last; averaged ones where there are any. */
const weightsOf = (run: string): StateSource => {
  const path = [checkpointFiles.best, checkpointFiles.last].map((n) => join(run, n)).find((p) => existsSync(p));
  if (!path)
    throw new DataError(
      `${join(run, checkpointFiles.best)}: missing; train first with "fiducial mri train --out ${run}"`,
    );
  return readWeights(new Uint8Array(readFileSync(path)), path) as StateSource;
};

/** A trained run: its network on `device`, and its estimator. Throws errors that name the file and the cure. */
export function openScoutRun(run: string, device: Device): ScoutModel {
  if (!existsSync(run))
    throw new DataError(`${run}: no such run folder; train one with "fiducial mri train --data DIR --out ${run}"`);
  const path = join(run, "config.json");
  const parsed = configFile.safeParse(readJson(path, 'this is no run folder; make one with "fiducial mri train"'));
  if (!parsed.success)
    throw new ParseError(
      "json",
      `${path}: ${parsed.error.issues[0].path.join(".")}: ${parsed.error.issues[0].message}; restore the file`,
      { file: path },
    );
  const { net } = parsed.data;
  const equipment = readEquipment(join(run, equipmentFile));
  const model = buildNet(net).load(device, weightsOf(run));
  model.eval();
  return { device, net, model, equipment };
}

/** Heads of a split with their label volumes, one at a time. */
export function* judgedHeads(folder: MriFolder, split: SplitName): Generator<JudgedHead> {
  for (const subject of folder.split(split)) yield { head: folder.head(subject), labels: folder.labels(subject) };
}
