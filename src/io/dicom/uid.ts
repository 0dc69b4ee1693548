import { sha256 } from "../sha256.ts";

/**
 * A UID under the root for UUIDs, 2.25 (PS3.5, annex B.2), from the first 128 bits of the SHA-256 of the parts, so that
 * the same content has the same UID everywhere. Parts are told apart by their lengths.
 */
export const dicomUid = (...parts: readonly (string | Uint8Array)[]): string => {
  const encoder = new TextEncoder();
  const all = parts.map((p) => (typeof p === "string" ? encoder.encode(p) : p));
  const joined = new Uint8Array(all.reduce((sum, p) => sum + 8 + p.length, 0));
  const view = new DataView(joined.buffer);
  let at = 0;
  for (const p of all) {
    view.setBigUint64(at, BigInt(p.length));
    joined.set(p, at + 8);
    at += 8 + p.length;
  }
  const digest = new DataView(sha256(joined).buffer);
  return `2.25.${(digest.getBigUint64(0) << 64n) | digest.getBigUint64(8)}`;
};
