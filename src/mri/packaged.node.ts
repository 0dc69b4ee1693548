import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Device } from "../device/index.ts";
import { DataError } from "../errors.ts";
import { readBytes } from "../io/node/index.ts";
import { loadScoutModel, readScoutModel } from "./model-file.ts";
import type { ScoutModel } from "./scout-model.ts";

// src/mri and dist/mri lie equally deep, so that the way up is the same in a clone and in an installed package.
const inPackage = (path: string): string => {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  if (existsSync(file)) return file;
  throw new DataError(
    `${file}: missing; it travels with the package fiducial: install that again, and leave fiducial out of the bundle if this program is one`,
  );
};

/** Where the packaged network for scouts lies (models/README.md). Throws DataError where the package lacks it. */
export const packagedModelFile = (): string => inPackage("models/mri-head.safetensors");

/** The folder of the example scouts: a real head and three scouts of it (examples/scouts/README.md). */
export const exampleScoutsFolder = (): string => inPackage("examples/scouts");

/** The packaged network for scouts on `device`: found from the package, wherever the program runs. */
export const openPackagedModel = async (device: Device): Promise<ScoutModel> =>
  loadScoutModel(readScoutModel(await readBytes(packagedModelFile()), "mri-head"), device);
