import type { z } from "zod";
import { ConfigError, ParseError } from "../errors.ts";
import { readJson } from "../io/index.ts";
import { readBytes } from "../io/node/index.ts";

/** Puts the file's name into a ParseError that does not have it yet. */
export const inFile = <T>(file: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof ParseError && !error.file) {
      error.file = file;
      error.message = `${file}: ${error.message}`;
    }
    throw error;
  }
};

/** A value checked against a schema. Throws ConfigError naming the file, every place that is wrong, and what is due there. */
export const checked = <T>(file: string, schema: z.ZodType<T>, value: unknown): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const places = result.error.issues.map((issue) => ({
    at: issue.path.map(String).join(".") || "the whole file",
    message: issue.message,
  }));
  const shown = places.slice(0, 8).map(({ at, message }) => `  ${at}: ${message}`);
  if (places.length > shown.length) shown.push(`  and ${places.length - shown.length} more`);
  throw new ConfigError(places[0].at, `${file} is not as it should be; correct\n${shown.join("\n")}`);
};

/** Reads a JSON file. Throws DataError or ParseError naming it. */
export const readPlainJson = async (file: string): Promise<unknown> => {
  const bytes = await readBytes(file);
  return inFile(file, () => readJson(bytes));
};

/** Reads a JSON file and checks it. Throws DataError, ParseError or ConfigError, each naming the file. */
export const readCheckedJson = async <T>(file: string, schema: z.ZodType<T>): Promise<T> =>
  checked(file, schema, await readPlainJson(file));
