import { CheckpointError, FiducialError } from "../errors.ts";
import {
  hex,
  readSafetensors,
  type Safetensors,
  type SafetensorsTensor,
  sha256,
  writeSafetensors,
} from "../io/index.ts";
import type { StateDict } from "../nn/index.ts";
import { version } from "../version.ts";
import type { RunStore } from "./store.ts";

/** Plain data that a checkpoint's metadata can hold. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain | undefined };

/** Files of a run's checkpoints: the newest, the one before it, and the best weights alone. */
export const checkpointFiles = {
  last: "last.safetensors",
  previous: "previous.safetensors",
  best: "best.safetensors",
} as const;

/** JSON with sorted keys: equal values give equal text. NaN and infinities, which JSON lacks, become text. */
export const canonical = (value: Plain | undefined): string =>
  JSON.stringify(value ?? null, (_, v: unknown) => {
    if (typeof v === "number" && !Number.isFinite(v)) return `${v}`;
    if (typeof v !== "object" || v === null || Array.isArray(v)) return v;
    return Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

const digest = (text: string): string => hex(sha256(new TextEncoder().encode(text)));

/** What a configuration is recognized by. */
export const configDigest = (config: Plain | undefined): string => digest(canonical(config));

/** Over every tensor's name, type, shape and bytes, and over the other metadata. */
function payloadDigest(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: Readonly<Record<string, string>>,
): string {
  const lines = [...tensors].map(([name, { dtype, shape, data }]) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return `${name} ${dtype} [${shape.join(",")}] ${hex(sha256(bytes))}`;
  });
  const { payload_sha256: _, ...rest } = metadata;
  return digest(`${lines.sort().join("\n")}\n${canonical(rest)}`);
}

/** A checkpoint's bytes: safetensors whose metadata hold the payload's SHA-256 and the package's version. */
export function encodeCheckpoint(state: StateDict, metadata: Readonly<Record<string, string>>): Uint8Array {
  const all = { ...metadata, package_version: version };
  return writeSafetensors(state, { ...all, payload_sha256: payloadDigest(state, all) });
}

/** Reads a checkpoint and proves it whole. Throws CheckpointError naming `file`. */
export function decodeCheckpoint(bytes: Uint8Array, file: string): Safetensors {
  let content: Safetensors;
  try {
    content = readSafetensors(bytes);
  } catch (cause) {
    throw new CheckpointError(`${file}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  const { payload_sha256: want } = content.metadata;
  if (want === undefined)
    throw new CheckpointError(
      `${file}: it holds no payload_sha256, so it is no checkpoint of a run; load plain weights with Module.load`,
    );
  if (want !== payloadDigest(content.tensors, content.metadata))
    throw new CheckpointError(`${file}: its content does not match its SHA-256; the file is damaged, use an older one`);
  return content;
}

/** The tensors whose names begin with `prefix` and a dot, without it. */
export const subState = <T>(tensors: Iterable<readonly [string, T]>, prefix: string): Map<string, T> =>
  new Map(
    [...tensors].filter(([n]) => n.startsWith(`${prefix}.`)).map(([n, t]) => [n.slice(prefix.length + 1), t] as const),
  );

/**
 * The weights in a run's checkpoint as its model names them: those of best.safetensors, and of last.safetensors the
 * averaged ones where there are any. Throws CheckpointError for a damaged file.
 */
export function readWeights(bytes: Uint8Array, file: string): Safetensors {
  const { tensors, metadata } = decodeCheckpoint(bytes, file);
  if (metadata.kind === "weights") return { tensors, metadata };
  return { tensors: new Map([...subState(tensors, "model"), ...subState(tensors, "ema")]), metadata };
}

/** Replaces last.safetensors and keeps the one before it. */
export async function writeLast(store: RunStore, bytes: Uint8Array): Promise<void> {
  await store.rename(checkpointFiles.last, checkpointFiles.previous);
  await store.write(checkpointFiles.last, bytes);
}

/**
 * The newest checkpoint that is whole, with what was wrong with a newer one; undefined where there is none. Throws
 * CheckpointError when there are some and none is whole.
 */
export async function readLast(
  store: RunStore,
): Promise<{ content: Safetensors; file: string; warnings: string[] } | undefined> {
  const warnings: string[] = [];
  for (const name of [checkpointFiles.last, checkpointFiles.previous]) {
    const file = `${store.where}/${name}`;
    try {
      const bytes = await store.read(name);
      if (bytes) return { content: decodeCheckpoint(bytes, file), file, warnings };
    } catch (error) {
      if (!(error instanceof FiducialError)) throw error;
      warnings.push(error.message);
    }
  }
  if (warnings.length > 0)
    throw new CheckpointError(
      `no checkpoint of the run can be used: ${warnings.join("; ")}; start the run anew in another folder`,
    );
  return undefined;
}
