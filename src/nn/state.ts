import { CheckpointError } from "../errors.ts";
import { floatsFromHalves } from "../half.ts";
import { nearest } from "../nearest.ts";
import type { KeysOf } from "../options.ts";
import { type Shape, show, sizeOf } from "../tensor/index.ts";

/** A tensor on the host; those that `readSafetensors` gives are of this type. */
export interface HostTensor {
  /** A name of safetensors: "F32", "I64". */
  readonly dtype: string;
  readonly shape: Shape;
  readonly data: ArrayLike<number> | ArrayLike<bigint>;
}
/** What this package writes. */
export type StateEntry =
  | { readonly dtype: "F32"; readonly shape: Shape; readonly data: Float32Array }
  | { readonly dtype: "F16"; readonly shape: Shape; readonly data: Uint16Array }
  | { readonly dtype: "I64"; readonly shape: Shape; readonly data: BigInt64Array };
/** Named tensors on the host, ready for `writeSafetensors`. */
export type StateDict = Map<string, StateEntry>;
/** Whatever names tensors: a StateDict, or a file that was read. */
export type StateSource =
  | Iterable<readonly [string, HostTensor]>
  | { readonly tensors: ReadonlyMap<string, HostTensor> };

/** New names for a checkpoint's tensors: by a function (null: leave the tensor out), or by prefixes, of which the longest that fits counts. */
export type Rename = ((name: string) => string | null) | Readonly<Record<string, string>>;

export interface LoadOptions {
  /** Fill only what lies under these names ("encoder", "encoder.conv1"); tensors for other parts are left out silently. */
  readonly only?: string | readonly string[];
  readonly rename?: Rename;
}
/** @internal */
export const loadKeys: KeysOf<LoadOptions> = { only: 1, rename: 1 };

/** What a place in a model takes. */
export interface Place {
  readonly shape: Shape;
  /** An integer scalar: `Counter`. */
  readonly counter: boolean;
  /** All names of the tensor in the model, this one too. */
  readonly names: readonly string[];
}

const renamer = (rename: Rename | undefined): ((name: string) => string | null) => {
  if (!rename) return (name) => name;
  if (typeof rename === "function") return rename;
  const prefixes = Object.keys(rename).sort((a, b) => b.length - a.length);
  return (name) => {
    const prefix = prefixes.find((p) => name.startsWith(p));
    return prefix === undefined ? name : rename[prefix] + name.slice(prefix.length);
  };
};

const under = (only: string | readonly string[] | undefined): ((name: string) => boolean) => {
  if (only === undefined) return () => true;
  const list = typeof only === "string" ? [only] : only;
  return (name) => list.some((p) => name === p || name.startsWith(`${p}.`));
};

const shown = 60;
const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0
    ? ""
    : `\n  ${title} (${lines.length}):${lines
        .slice(0, shown)
        .map((l) => `\n    ${l}`)
        .join("")}${lines.length > shown ? `\n    and ${lines.length - shown} more` : ""}`;

/** PyTorch before 0.4.1 wrote no counters; they are not worth refusing a checkpoint for. */
const optional = (name: string): boolean => name.endsWith("num_batches_tracked");

const sameNumbers = (a: HostTensor, b: HostTensor): boolean =>
  a === b || (a.data.length === b.data.length && Array.prototype.every.call(a.data, (v, i) => Object.is(v, b.data[i])));

/**
 * Fits a checkpoint to a model's places, strictly. Throws one CheckpointError that tells all at once: what is missing
 * (and what is named nearly so), what is unexpected, what has another shape. Returns the tensors to fill in, in the
 * model's order.
 */
export function match(
  what: string,
  places: ReadonlyMap<string, Place>,
  source: StateSource,
  { only, rename }: LoadOptions = {},
): Map<string, HostTensor> {
  const newName = renamer(rename);
  const wanted = under(only);
  const given = new Map<string, HostTensor>();
  const twice: string[] = [];
  for (const [old, tensor] of "tensors" in source ? source.tensors : source) {
    const name = newName(old);
    if (name === null || !(wanted(name) || places.get(name)?.names.some(wanted))) continue;
    if (given.has(name)) twice.push(`${name} (the second is ${old})`);
    given.set(name, tensor);
  }
  const found = new Map<string, HostTensor>();
  const missing: string[] = [];
  const wrong: string[] = [];
  const apart: string[] = [];
  let asked = 0;
  for (const [name, place] of places) {
    if (!wanted(name)) continue;
    asked++;
    const shared = place.names.find((n) => given.has(n));
    const tensor = given.get(name) ?? (shared === undefined ? undefined : given.get(shared));
    if (!tensor) {
      if (!optional(name)) missing.push(name);
      continue;
    }
    const { shape } = tensor;
    const fits = place.counter
      ? sizeOf(shape) === 1
      : shape.length === place.shape.length && shape.every((v, i) => v === place.shape[i]);
    if (fits && shared !== name && !sameNumbers(tensor, given.get(shared!)!)) apart.push(`${shared} and ${name}`);
    if (fits) found.set(name, tensor);
    else wrong.push(`${name}: the model has ${show(place.shape)}, the checkpoint ${show(shape)}`);
  }
  const unexpected = [...given.keys()].filter((n) => !places.has(n));
  if (only !== undefined && asked === 0)
    throw new CheckpointError(
      `${what}: only ${JSON.stringify(only)} names no part of the model; its parts are ${[...new Set([...places.keys()].map((n) => n.split(".")[0]))].join(", ")}`,
    );
  if (missing.length + wrong.length + unexpected.length + twice.length + apart.length > 0) {
    const hint = (name: string): string => {
      const near = nearest(name, unexpected);
      return near.length > 0 ? `${name} (the checkpoint has ${near.join(", ")})` : name;
    };
    throw new CheckpointError(
      `${what}: the checkpoint does not fit the model${section("missing", missing.map(hint))}${section("unexpected", unexpected)}${section("of another shape", wrong)}${section("named twice", twice)}${section("one tensor in the model, and different in the checkpoint", apart)}\n  Use the model the checkpoint was made with, or give \`rename\` or \`only\`.`,
    );
  }
  return found;
}

/** A counter's value from its int64 (or any other) scalar. */
export const counterValue = (t: HostTensor): number => Number(t.data[0]);

/** The numbers as float32, exact from F16. Throws CheckpointError for other floats that lie as raw bits. */
export function floats(name: string, { dtype, data }: HostTensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (dtype === "F16" && data instanceof Uint16Array) return floatsFromHalves(data);
  if (/^B?F(16|8)/.test(dtype))
    throw new CheckpointError(`${name} is ${dtype}; convert it with toFloat32() of fiducial/io first`);
  return Float32Array.from(data as ArrayLike<number>, Number);
}
