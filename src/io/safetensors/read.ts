import { checkLength, failing, guarded } from "../guard.ts";
import { type ReadLimits, withDefaults } from "../limits.ts";
import { type Json, parseJson } from "../text/json.ts";
import { dtypes, type SafetensorsArray, type SafetensorsDType, type SafetensorsTensor } from "./dtype.ts";

export interface Safetensors {
  /** In the order of their data. */
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  /** The header's `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly name: string;
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

const fail = failing("safetensors");
const maxRank = 8;

const isObject = (v: Json | undefined): v is { [key: string]: Json } =>
  typeof v === "object" && v !== null && !Array.isArray(v);
const isCount = (v: Json): v is number => typeof v === "number" && Number.isSafeInteger(v) && v >= 0;
const shown = (v: unknown): string => (JSON.stringify(v) ?? "undefined").slice(0, 80);

/** Length of the header's JSON, read as 64 bits so that no length wraps around. */
const headerLength = (bytes: Uint8Array, limits: ReadLimits): number => {
  if (bytes.length < 10)
    fail("length", 0, `the file has ${bytes.length} bytes, the shortest safetensors file 10; it is truncated`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(limits.maxHeaderBytes))
    fail(
      "header length",
      0,
      `the header claims ${length} bytes, more than limits.maxHeaderBytes = ${limits.maxHeaderBytes}; this is not a safetensors file`,
    );
  if (length > BigInt(bytes.length - 8))
    fail(
      "header length",
      0,
      `the header claims ${length} bytes, but ${bytes.length - 8} are left; the file is truncated`,
    );
  if (length < 2n) fail("header length", 0, `the header claims ${length} bytes; at least 2 are needed`);
  return Number(length);
};

const headerOf = (bytes: Uint8Array): { [key: string]: Json } => {
  if (bytes[0] !== 0x7b) fail("header", 8, "the header does not start with {; this is not a safetensors file");
  let text = "";
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    fail("header", 8, "the header is not valid UTF-8; the file is damaged");
  }
  const header = parseJson(text, 4, "safetensors");
  return isObject(header) ? header : fail("header", 8, "the header is no JSON object");
};

const metadataOf = (value: Json | undefined): Record<string, string> => {
  if (value === undefined) return {};
  if (!isObject(value))
    return fail("__metadata__", undefined, `__metadata__ is ${shown(value)}; it must be an object of texts`);
  for (const [key, v] of Object.entries(value))
    if (typeof v !== "string")
      fail("__metadata__", undefined, `__metadata__.${key.slice(0, 80)} is ${shown(v)}; it must be a text`);
  return value as Record<string, string>;
};

const entryOf = (name: string, value: Json, dataLength: number): Entry => {
  const here = `tensor ${shown(name)}`;
  if (!isObject(value))
    return fail(name, undefined, `${here} is ${shown(value)}; it must be an object with dtype, shape and data_offsets`);
  const { dtype, shape, data_offsets: offsets, ...rest } = value;
  const [extra] = Object.keys(rest);
  if (extra !== undefined) fail(name, undefined, `${here} has the unknown field ${shown(extra)}`);
  const kind = typeof dtype === "string" ? dtypes.get(dtype) : undefined;
  if (!kind)
    return fail(name, undefined, `${here} has dtype ${shown(dtype)}; known are ${[...dtypes.keys()].join(", ")}`);
  if (!Array.isArray(shape) || shape.length > maxRank || !shape.every(isCount))
    return fail(
      name,
      undefined,
      `${here} has shape ${shown(shape)}; it must be at most ${maxRank} whole numbers of 0 or more`,
    );
  // Every partial product must be exact, a zero among the sizes or not.
  const bytes = shape.reduce<number>(
    (product, size) => (Number.isSafeInteger(product * size) ? product * size : Number.NaN),
    kind.bytes,
  );
  const sizes = shape.filter((s) => s > 0).reduce<number>((product, size) => product * size, kind.bytes);
  if (!Number.isSafeInteger(bytes) || sizes > Number.MAX_SAFE_INTEGER)
    fail(name, undefined, `${here} has shape ${shown(shape)}, whose size overflows; the file is damaged or hostile`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    return fail(
      name,
      undefined,
      `${here} has data_offsets ${shown(offsets)}; they must be two whole numbers of 0 or more`,
    );
  const [begin, end] = offsets as number[];
  if (begin > end || end > dataLength)
    fail(
      name,
      undefined,
      `${here} has data_offsets ${shown(offsets)}, outside the ${dataLength} bytes of data; the file is truncated or damaged`,
    );
  if (end - begin !== bytes)
    fail(
      name,
      undefined,
      `${here} has ${end - begin} bytes of data, but shape ${shown(shape)} of ${dtype} takes ${bytes}; the file is damaged`,
    );
  return { name, dtype: dtype as SafetensorsDType, shape: shape as number[], begin, end };
};

/** The data must be covered from its first byte to its last, without overlap and without holes. */
const checkCover = (sorted: readonly Entry[], dataLength: number): void => {
  let at = 0;
  for (const e of sorted) {
    if (e.begin !== at)
      fail(
        e.name,
        undefined,
        `tensor ${shown(e.name)} begins at ${e.begin}, but the data before it end at ${at}; they ${e.begin < at ? "overlap" : "leave a hole"}`,
      );
    at = e.end;
  }
  if (at !== dataLength)
    fail(
      "data",
      undefined,
      `the tensors end at ${at}, the file's data at ${dataLength}; ${dataLength - at} bytes belong to no tensor`,
    );
};

const arrayOf = (bytes: Uint8Array, { dtype, begin, end }: Entry): SafetensorsArray => {
  const { bytes: size, array } = dtypes.get(dtype)!;
  const offset = bytes.byteOffset + begin;
  // A view needs its start aligned; where it is not, the bytes are copied (Buffer's own slice would not copy).
  if (offset % size === 0) return new array(bytes.buffer, offset, (end - begin) / size);
  const copy = new Uint8Array(end - begin);
  copy.set(bytes.subarray(begin, end));
  return new array(copy.buffer, 0, (end - begin) / size);
};

/**
 * Safetensors file -> tensors and metadata. Nothing is trusted: lengths, UTF-8, JSON, repeated keys, dtypes, shapes,
 * offsets and full coverage of the data are checked. Arrays are views of `bytes` where alignment allows, else copies; little-endian
 * hosts only, as all that run JavaScript engines today. Throws ParseError.
 */
export const readSafetensors = (bytes: Uint8Array, limits: Partial<ReadLimits> = {}): Safetensors =>
  guarded("safetensors", () => {
    const caps = withDefaults(limits);
    checkLength("safetensors", bytes, caps.maxFileBytes, "maxFileBytes");
    const length = headerLength(bytes, caps);
    const header = headerOf(bytes.subarray(8, 8 + length));
    const data = bytes.subarray(8 + length);
    const metadata = metadataOf(header.__metadata__);
    const entries = Object.entries(header)
      .filter(([name]) => name !== "__metadata__")
      .map(([name, value]) => entryOf(name, value, data.length))
      .sort((a, b) => a.begin - b.begin || a.end - b.end);
    checkCover(entries, data.length);
    const tensors = new Map(entries.map((e) => [e.name, { dtype: e.dtype, shape: e.shape, data: arrayOf(data, e) }]));
    return { tensors, metadata };
  });
