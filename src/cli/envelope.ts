import { version } from "../version.ts";

/** What every JSON file of a command says of itself. */
export interface EnvelopeHead {
  /** "mri simulate". */
  readonly command: string;
  readonly seed: number;
  /** The adapter that computed; absent where none did. */
  readonly adapter?: { readonly name: string; readonly hash: string };
}

const why = (value: number): string => (Number.isNaN(value) ? "not a number" : "infinite");

/** First number in (nested) arrays that JSON cannot hold. */
const strange = (value: unknown): number | undefined => {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : value;
  if (!Array.isArray(value) && !(ArrayBuffer.isView(value) && !(value instanceof DataView))) return undefined;
  for (const entry of value as Iterable<unknown>) {
    const found = strange(entry);
    if (found !== undefined) return found;
  }
  return undefined;
};

/**
 * The value as JSON can hold it: NaN and infinities become null, and the field `NAME_reason` beside them says why, unless
 * the caller has written one. Typed arrays become arrays.
 */
export const jsonSafe = (value: unknown): unknown => {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(jsonSafe);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, jsonSafe);
  const out: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    out[key] = jsonSafe(entry);
    const bad = strange(entry);
    if (bad !== undefined && !Object.hasOwn(value, `${key}_reason`)) out[`${key}_reason`] = why(bad);
  }
  return out;
};

/** `{ format: "fiducial/NAME@1", version, command, seed, adapter, ...fields }`, free of NaN. `fields.adapter` adds to the adapter. */
export const envelope = (
  name: string,
  head: EnvelopeHead,
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> => {
  const { adapter: more, ...rest } = fields;
  const adapter = head.adapter ?? { name: null, hash: null, reason: "no adapter was used" };
  return jsonSafe({
    format: `fiducial/${name}@1`,
    version,
    command: head.command,
    seed: head.seed,
    adapter: { ...adapter, ...(more as object | undefined) },
    ...rest,
  }) as Record<string, unknown>;
};

/** Arrays of at most this many characters stand on one line: points and rotations are read by people too. */
const lineOfNumbers = /\[\s*(?:(?:-?[\d.eE+-]+|null|true|false)\s*,?\s*)+\]/g;

/** JSON text with two spaces of indentation, arrays of numbers on one line, and a newline at the end. */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(value, null, 2).replace(lineOfNumbers, (list) => list.replace(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]"))}\n`;
