import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folder of real heads beside the checkout; tests that read it are skipped where it is missing. */
export const ixiFolder = fileURLToPath(new URL("../../../../shared/data/ixi2mm", import.meta.url));
export const hasIxi = existsSync(`${ixiFolder}/truth.json`);
