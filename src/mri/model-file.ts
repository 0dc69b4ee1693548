import type { z } from "zod";
import type { Device } from "../device/index.ts";
import { DataError, FiducialError, ParseError } from "../errors.ts";
import { halvesFromFloats } from "../half.ts";
import { hex, readSafetensors, type SafetensorsTensor, sha256, writeSafetensors } from "../io/index.ts";
import { type ScoutNetConfig, scoutNetConfig } from "./config.ts";
import { equipmentFromJson, equipmentJson, equipmentSchema } from "./equipment-json.ts";
import type { ScoutRun } from "./run.ts";
import { buildNet, type Equipment, type ModelOrigin, type ScoutModel } from "./scout-model.ts";
import { planeOrder } from "./scouts/index.ts";

/** A network for scouts in one safetensors file: weights, and in its header the network's settings and the estimator. */
export interface ScoutModelFile {
  readonly origin: ModelOrigin;
  readonly net: ScoutNetConfig;
  readonly equipment: Equipment;
  readonly weights: ReadonlyMap<string, SafetensorsTensor>;
}

const format = "fiducial/scout-model@1";
const cure = "fetch the file again, or make one with scripts/package-model.ts";

const json = <T>(name: string, field: string, text: string | undefined, schema: z.ZodType<T>): T => {
  const fail = (why: string): never => {
    throw new ParseError("safetensors", `${name}: its header's "${field}" ${why}; ${cure}`, { file: name, field });
  };
  if (text === undefined) return fail("is missing");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail(`is no JSON (${(error as Error).message})`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  return fail(`is wrong at ${path.join(".") || "its top"}: ${message}`);
};

/** The estimator must know what the network finds. */
const checkLandmarks = (name: string, net: ScoutNetConfig, { usualSpreadMm, template }: Equipment): void => {
  const known = new Set(template.landmarks.map((l) => l.name));
  for (const plane of planeOrder) {
    const names = net.landmarks[plane];
    if (usualSpreadMm[plane].length !== names.length)
      throw new DataError(
        `${name}: the network finds ${names.length} ${plane} landmarks, the estimator has the spread of ${usualSpreadMm[plane].length}; ${cure}`,
      );
    const strange = names.find((n) => !known.has(n));
    if (strange !== undefined)
      throw new DataError(`${name}: the estimator's template has no landmark "${strange}" (${plane}); ${cure}`);
  }
};

/**
 * Reads a network for scouts from the bytes of its file; needs no GPU. `name` stands in messages and in `box.json`.
 * Throws ParseError for what is no such file, DataError for one whose parts do not belong together.
 */
export const readScoutModel = (bytes: Uint8Array, name = "scout model"): ScoutModelFile => {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.format !== format)
    throw new ParseError(
      "safetensors",
      `${name}: the file's format is ${JSON.stringify(metadata.format ?? null)}, not "${format}"; ${cure}`,
      { file: name, field: "format" },
    );
  const net = json(name, "net", metadata.net, scoutNetConfig);
  const equipment = equipmentFromJson(json(name, "equipment", metadata.equipment, equipmentSchema));
  checkLandmarks(name, net, equipment);
  return { origin: { name, sha256: hex(sha256(bytes)) }, net, equipment, weights: tensors };
};

/** The file of a finished run: weights in float16, the network's settings and the estimator in its header. */
export const writeScoutModel = ({
  net,
  equipment,
  weights,
}: Pick<ScoutRun, "net" | "equipment" | "weights">): Uint8Array => {
  const tensors = "tensors" in weights ? weights.tensors : weights;
  const halves = new Map<string, SafetensorsTensor>();
  for (const [name, t] of tensors as Iterable<readonly [string, SafetensorsTensor]>)
    halves.set(
      name,
      t.data instanceof Float32Array ? { dtype: "F16", shape: t.shape, data: halvesFromFloats(t.data) } : t,
    );
  return writeSafetensors(halves, {
    format,
    net: JSON.stringify(net),
    equipment: JSON.stringify(equipmentJson(equipment)),
  });
};

const fetched = async (url: string | URL): Promise<Uint8Array> => {
  let why: string;
  try {
    const response = await fetch(url);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    why = `the server answered ${response.status} ${response.statusText}`.trim();
  } catch (error) {
    why = `${(error as Error).message}`;
  }
  throw new DataError(`${url}: the model could not be fetched (${why}); check the address, or pass the file's bytes`);
};

const lastPart = (url: string | URL): string =>
  decodeURIComponent(
    String(url)
      .replace(/[?#].*$/, "")
      .split("/")
      .pop() ?? "",
  ).replace(/\.safetensors$/, "");

/**
 * A network for scouts on `device`, ready to calibrate: from its file's bytes, from what `readScoutModel` gave, or fetched
 * from a URL (http, https, data, blob). Node and browsers alike; in Node `openPackagedModel` finds the package's own.
 */
export const loadScoutModel = async (
  source: Uint8Array | ArrayBuffer | ScoutModelFile | URL | string,
  device: Device,
): Promise<ScoutModel> => {
  const file =
    typeof source === "string" || source instanceof URL
      ? readScoutModel(await fetched(source), lastPart(source) || undefined)
      : source instanceof Uint8Array
        ? readScoutModel(source)
        : source instanceof ArrayBuffer
          ? readScoutModel(new Uint8Array(source))
          : source;
  const { net, equipment, origin, weights } = file;
  try {
    return { device, net, model: buildNet(net).load(device, weights).eval(), equipment, origin };
  } catch (error) {
    if (error instanceof FiducialError) error.message = `${origin.name}: ${error.message}`;
    throw error;
  }
};
