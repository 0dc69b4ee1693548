import type { Device } from "../device/index.ts";
import { DataError, FiducialError, ParseError } from "../errors.ts";
import { decimal, hex, type Json, readCsv, readJson, sha256 } from "../io/index.ts";
import type { Module, StateSource } from "../nn/index.ts";
import { checkpointFiles, readWeights } from "./checkpoint.ts";
import type { EpochRecord } from "./history.ts";
import type { RunFiles } from "./store.ts";

/** A run as its files tell of it: plain objects, on the host. */
export interface RunContent {
  /** For messages: where the files lie. */
  readonly where: string;
  /** config.json: all that decided the result. */
  readonly config: Json;
  /** A record an epoch, from metrics.csv; empty where there is none. */
  readonly history: readonly EpochRecord[];
  /** The best weights, or without them the last; averaged ones where there are any. Names as the model's. */
  readonly weights: StateSource;
  /** The file the weights come from, for messages. */
  readonly weightsFile: string;
  /** Of that file, hexadecimal. */
  readonly weightsSha256: string;
}

/** Puts a file's name and what to do about it into the errors of reading it. */
const inFile = <T>(file: string, cure: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new ParseError(error.format, `${file}: ${error.message}; ${cure}`, { file });
  }
};

/** A JSON file of a run. Throws DataError where it is missing, saying what that means, ParseError where it is no JSON. */
export const readRunJson = async (files: RunFiles, name: string, missing: string): Promise<Json> => {
  const path = `${files.where}/${name}`;
  const bytes = await files.read(name);
  if (!bytes) throw new DataError(`${path}: missing; ${missing}`);
  return inFile(path, "the file is damaged, train again or restore it", () => readJson(bytes));
};

/** How metrics.csv writes what is no finite number. */
const notFinite = new Map([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((v) => [String(v), v]));

/** Rows of metrics.csv as `History.csv` writes them. */
const readHistory = (bytes: Uint8Array, path: string): EpochRecord[] => {
  const { header, rows } = inFile(path, "the file is damaged, restore or remove it", () => readCsv(bytes));
  const lacks = ["epoch", "step", "lr", "improved"].filter((name) => !header.includes(name));
  if (lacks.length > 0)
    throw new ParseError("csv", `${path}: it has no column ${lacks.join(", ")}; it is no metrics.csv of a run`, {
      file: path,
    });
  const numberIn = (row: number, column: number): number => {
    const text = rows[row][column];
    const value = decimal(text) ?? notFinite.get(text);
    if (value === undefined)
      throw new ParseError(
        "csv",
        `${path}: ${header[column]} in row ${row + 2} is ${JSON.stringify(text.slice(0, 40))}, which is no decimal number; write it with a point, or restore the file`,
        { file: path, field: header[column] },
      );
    return value;
  };
  return rows.map((row, r) => {
    const cell = (name: string): string => row[header.indexOf(name)];
    const number = (name: string): number => numberIn(r, header.indexOf(name));
    const part = (prefix: string): Record<string, number> =>
      Object.fromEntries(
        header.flatMap((name, i) =>
          name.startsWith(prefix) && row[i] !== "" ? [[name.slice(prefix.length), numberIn(r, i)]] : [],
        ),
      );
    return {
      epoch: number("epoch"),
      step: number("step"),
      lr: number("lr"),
      train: part("train_"),
      validation: part("validation_"),
      improved: cell("improved") === "true",
    };
  });
};

/**
 * Reads a trained run from any source of bytes: a folder, an archive, files dropped on a page. Computes nothing and needs no
 * GPU; `loadRun` takes it further. Throws DataError for a missing file, ParseError and CheckpointError for a damaged one.
 */
export async function readRun(files: RunFiles): Promise<RunContent> {
  const { where } = files;
  const config = await readRunJson(files, "config.json", "this is no run; name what a training has written");
  for (const name of [checkpointFiles.best, checkpointFiles.last]) {
    const bytes = await files.read(name);
    if (!bytes) continue;
    const metrics = await files.read("metrics.csv");
    const history = metrics ? readHistory(metrics, `${where}/metrics.csv`) : [];
    const weightsFile = `${where}/${name}`;
    return {
      where,
      config,
      history,
      weights: readWeights(bytes, weightsFile) as StateSource,
      weightsFile,
      weightsSha256: hex(sha256(bytes)),
    };
  }
  throw new DataError(`${where}/${checkpointFiles.best}: missing; this run holds no weights yet, train it first`);
}

/** Puts a run's weights into a model built as its configuration says, on `device`, ready for evaluation. */
export function loadRun<M extends Module>(run: RunContent, { model, device }: { model: M; device: Device }): M {
  try {
    model.load(device, run.weights);
  } catch (error) {
    if (error instanceof FiducialError) error.message = `${run.weightsFile}: ${error.message}`;
    throw error;
  }
  model.eval();
  return model;
}
