import { existsSync } from "node:fs";
import type { Device } from "../device/index.ts";
import { DataError } from "../errors.ts";
import { filesIn } from "../training/node/index.ts";
import type { JudgedHead } from "./evaluate.ts";
import { loadScoutRun, readScoutRun } from "./run.ts";
import type { ScoutModel } from "./scout-model.ts";
import type { MriFolder, SplitName } from "./scouts/folder.node.ts";

/** A trained run in a folder: its network on `device`, and its estimator. Throws errors that name the file and the cure. */
export const openScoutRun = async (folder: string, device: Device): Promise<ScoutModel> => {
  if (!existsSync(folder))
    throw new DataError(
      `${folder}: no such run folder; train one with "fiducial mri train --data DIR --out ${folder}"`,
    );
  return loadScoutRun(await readScoutRun(filesIn(folder)), device);
};

/** Heads of a split with their label volumes, one at a time. */
export function* judgedHeads(folder: MriFolder, split: SplitName): Generator<JudgedHead> {
  for (const subject of folder.split(split)) yield { head: folder.head(subject), labels: folder.labels(subject) };
}
