import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Device, TunerTable } from "../device/index.ts";
import { makeFolder, writeFileAtomic } from "../io/node/index.ts";
import { tunerSchema } from "../training/run-layout.ts";
import { readCheckedJson } from "./checked.ts";

/** A tuner's table. Throws DataError, ParseError or ConfigError, each naming the file. */
export const readTuner = (file: string): Promise<TunerTable> => readCheckedJson(file, tunerSchema);

/** Where `fiducial tune` keeps this adapter's choices: in the user's folder for caches. */
export const tunerFile = (device: Device): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "fiducial", `tuner-${device.info.hash}.json`);

/** Loads what was tuned on this adapter before, where there is something; `warn` hears of a file that cannot be used. */
export const loadTuner = async (device: Device, warn: (text: string) => void): Promise<void> => {
  const file = tunerFile(device);
  if (!existsSync(file)) return;
  try {
    device.tuner.load(await readTuner(file));
  } catch (error) {
    warn(
      `${error instanceof Error ? error.message : error}; going on untuned (\`fiducial tune --again\` writes it anew)`,
    );
  }
};

/** Keeps the device's choices for later runs; gives the file. */
export const saveTuner = async (device: Device): Promise<string> => {
  const file = tunerFile(device);
  await makeFolder(dirname(file));
  await writeFileAtomic(file, `${JSON.stringify(device.tuner, null, 1)}\n`);
  return file;
};

/** Forgets them; gives the file, or undefined where there was none. */
export const forgetTuner = async (device: Device): Promise<string | undefined> => {
  const file = tunerFile(device);
  if (!existsSync(file)) return undefined;
  await rm(file);
  return file;
};
