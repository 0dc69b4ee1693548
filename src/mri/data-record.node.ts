import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plain } from "../training/index.ts";

/** data.json: the splits by subject, and the SHA-256 of every file that was read. */
export const describeData = async (
  folder: string,
  split: Readonly<Record<string, readonly string[]>>,
): Promise<Plain> => {
  const used = new Set(Object.values(split).flat());
  const files: Record<string, string> = {};
  const digest = (name: string): void => {
    files[name] = createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  };
  for (const part of ["t1", "labels"]) {
    let names: string[] = [];
    try {
      names = readdirSync(join(folder, part)).sort();
    } catch {
      continue; // a folder without labels
    }
    for (const n of names) if (used.has(n.replace(/\.nii(\.gz)?$/, ""))) digest(`${part}/${n}`);
  }
  for (const name of readdirSync(folder)) if (name === "split.json" || name === "truth.json") digest(name);
  return { split, files };
};
