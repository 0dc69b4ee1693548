import { DataError } from "../../errors.ts";
import { dtypes, type SafetensorsTensor } from "./dtype.ts";

/** By UTF-16 code units: the same order on every machine, whatever its language. */
const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Half of a surrogate pair cannot be written as UTF-8. */
const wellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

const check = (name: string, { dtype, shape, data }: SafetensorsTensor): void => {
  const here = `writeSafetensors: tensor ${JSON.stringify(name)}`;
  if (["__metadata__", "__proto__", "constructor"].includes(name) || !wellFormed(name))
    throw new DataError(`${here} has a name that the format cannot hold; rename it`);
  const kind = dtypes.get(dtype);
  if (!kind) throw new DataError(`${here} has dtype ${dtype}; known are ${[...dtypes.keys()].join(", ")}`);
  if (!(data instanceof kind.array))
    throw new DataError(
      `${here} has dtype ${dtype} but its data are a ${data.constructor.name}; pass a ${kind.array.name}`,
    );
  if (shape.length > 8 || !shape.every((s) => Number.isSafeInteger(s) && s >= 0))
    throw new DataError(`${here} has shape [${shape.join(", ")}]; at most 8 whole numbers of 0 or more`);
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length)
    throw new DataError(`${here} has ${data.length} values, but shape [${shape.join(", ")}] needs ${count}`);
};

/**
 * Tensors and metadata -> a safetensors file. Byte-stable: tensors are ordered by the width of their numbers (widest
 * first, which keeps all aligned) and then by name, metadata by key. Throws DataError.
 */
export const writeSafetensors = (
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array => {
  for (const [name, tensor] of tensors) check(name, tensor);
  for (const [key, value] of Object.entries(metadata))
    if (
      typeof value !== "string" ||
      !wellFormed(value) ||
      !wellFormed(key) ||
      ["__proto__", "constructor"].includes(key)
    )
      throw new DataError(
        `writeSafetensors: metadata ${JSON.stringify(key)} must be a key and a text of valid Unicode`,
      );
  const sorted = [...tensors].sort(
    ([a, x], [b, y]) => y.data.BYTES_PER_ELEMENT - x.data.BYTES_PER_ELEMENT || byCode(a, b),
  );
  const fields: string[] = [];
  const keys = Object.keys(metadata).sort(byCode);
  if (keys.length > 0)
    fields.push(`"__metadata__":{${keys.map((k) => `${JSON.stringify(k)}:${JSON.stringify(metadata[k])}`).join(",")}}`);
  let end = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    const begin = end;
    end += data.byteLength;
    fields.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`);
  }
  const header = new TextEncoder().encode(`{${fields.join(",")}}`);
  // Spaces bring the data to a multiple of 8 bytes.
  const padded = Math.ceil(header.length / 8) * 8;
  const file = new Uint8Array(8 + padded + end).fill(0x20, 8, 8 + padded);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(header, 8);
  let at = 8 + padded;
  for (const [, { data }] of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
};
