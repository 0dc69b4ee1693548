import fc from "fast-check";
import { expect } from "vitest";
import { ParseError } from "../../src/errors.ts";

/** Runs a reader on bad bytes and gives the ParseError it must throw. */
export const refusal = (read: () => unknown): ParseError => {
  let thrown: unknown;
  try {
    read();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ParseError);
  return thrown as ParseError;
};

export const edited = (bytes: Uint8Array, edit: (view: DataView, bytes: Uint8Array) => void): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  edit(new DataView(copy.buffer), copy);
  return copy;
};

const extremes = [0n, 1n, 0x7fn, 0x7fffn, 0x7fffffffn, 0xffffn, 0xffffffffn, 0x7fffffffffffffffn, 0xffffffffffffffffn];

/** One to six changes: a byte, a length field set to an extreme, a cut, a piece doubled. */
const mutation = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> => {
  const at = fc.nat({ max: bytes.length - 1 });
  const change = fc.oneof(
    fc.record({ kind: fc.constant("byte" as const), at, value: fc.nat({ max: 255 }) }),
    fc.record({
      kind: fc.constant("length" as const),
      at,
      width: fc.constantFrom(2, 4, 8),
      value: fc.constantFrom(...extremes),
    }),
    fc.record({ kind: fc.constant("cut" as const), at }),
    fc.record({ kind: fc.constant("double" as const), at, count: fc.integer({ min: 1, max: 64 }) }),
  );
  return fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) => {
    let out = Uint8Array.from(bytes);
    for (const c of changes) {
      if (c.at >= out.length) continue;
      if (c.kind === "byte") out[c.at] = c.value;
      else if (c.kind === "length")
        for (let i = 0; i < c.width && c.at + i < out.length; i++)
          out[c.at + i] = Number((c.value >> BigInt(8 * i)) & 255n);
      else if (c.kind === "cut") out = out.slice(0, c.at);
      else
        out = Uint8Array.from([...out.subarray(0, c.at), ...out.subarray(c.at, c.at + c.count), ...out.subarray(c.at)]);
    }
    return out;
  });
};

/** Every mutation of a valid file must give a ParseError or an object that `check` accepts, within a second. */
export const fuzz = <T>(
  corpus: readonly Uint8Array[],
  read: (bytes: Uint8Array) => T,
  check: (value: T) => void,
  runs: number,
): { parsed: number; refused: number } => {
  const count = { parsed: 0, refused: 0 };
  fc.assert(
    fc.property(fc.constantFrom(...corpus).chain(mutation), (bytes) => {
      const start = performance.now();
      let value: T;
      try {
        value = read(bytes);
      } catch (error) {
        if (!(error instanceof ParseError)) throw error;
        count.refused += 1;
        return;
      } finally {
        expect(performance.now() - start).toBeLessThan(1000);
      }
      count.parsed += 1;
      check(value);
    }),
    { numRuns: runs },
  );
  return count;
};
