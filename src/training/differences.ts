import { DataError } from "../errors.ts";
import { canonical, type Plain } from "./checkpoint.ts";
import type { RunFiles } from "./store.ts";

type Fields = { readonly [key: string]: Plain | undefined };
const isFields = (v: Plain | undefined): v is Fields => typeof v === "object" && v !== null && !Array.isArray(v);

const shown = (v: Plain | undefined): string => {
  const text = canonical(v);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
};

/** Where two plain values differ, a text for each place: "steps is 150, here 200", "files b.nii is missing here". */
export function differences(there: Plain | undefined, here: Plain | undefined, at: readonly string[] = []): string[] {
  if (canonical(there) === canonical(here)) return [];
  const place = at.join(" ");
  if (isFields(there) && isFields(here))
    return [...new Set([...Object.keys(there), ...Object.keys(here)])].flatMap((k) =>
      differences(there[k], here[k], [...at, k]),
    );
  if (here === undefined) return [`${place} is missing here`];
  if (there === undefined) return [`${place} is new here`];
  return [`${place} is ${shown(there)}, here ${shown(here)}`];
}

/** The first few differences as one text. */
export const listed = (all: readonly string[]): string =>
  all.length > 6 ? `${all.slice(0, 6).join("; ")}; and ${all.length - 6} more` : all.join("; ");

/** A JSON file of a run; undefined where it is missing or cannot be read. */
export async function plainFile(files: RunFiles, name: string): Promise<Plain | undefined> {
  const bytes = await files.read(name);
  try {
    return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Plain);
  } catch {
    return undefined;
  }
}

/** Throws DataError where a run's data.json, which holds the digest of every file, tells of other data than `data`. */
export async function checkSameData(files: RunFiles, data: Plain | undefined): Promise<void> {
  const there = await plainFile(files, "data.json");
  if (there === undefined || data === undefined) return;
  const all = differences(there, data);
  if (all.length > 0)
    throw new DataError(
      `${files.where}/data.json: the run was trained on other data: ${listed(all)}; resume with the run's own data, or start a new run`,
    );
}
