/**
 * SHA-256 (FIPS 180-4), synchronous and the same in Node and in browsers, whose own digest is asynchronous. For names
 * and checksums, not for secrets.
 */

/** First 32 bits of the fractional part of a root of each of the first primes. */
const fractions = (count: number, power: number): Uint32Array => {
  const out: number[] = [];
  for (let n = 2; out.length < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n && prime; d++) prime = n % d !== 0;
    if (prime) out.push(fractionBits(n, power));
  }
  return Uint32Array.from(out);
};

/** floor(n^(1/power) * 2^32) mod 2^32 in integers: float64 alone would not give all the bits surely. */
const fractionBits = (n: number, power: number): number => {
  const target = BigInt(n) << BigInt(32 * power);
  let root = BigInt(Math.floor(n ** (1 / power) * 2 ** 32));
  while (root ** BigInt(power) > target) root -= 1n;
  while ((root + 1n) ** BigInt(power) <= target) root += 1n;
  return Number(root & 0xffffffffn);
};

const start = fractions(8, 2);
const rounds = fractions(64, 3);
const rotate = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

const compress = (state: Uint32Array, w: Uint32Array): void => {
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15];
    const b = w[i - 2];
    const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
    const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const t1 = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + rounds[i] + w[i]) | 0;
    const t2 = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  const next = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < 8; i++) state[i] += next[i];
};

/** The 32 bytes of the digest. */
export const sha256 = (bytes: Uint8Array): Uint8Array => {
  const state = start.slice();
  const w = new Uint32Array(64);
  const whole = bytes.length - (bytes.length % 64);
  const tail = new Uint8Array(bytes.length - whole + 9 > 64 ? 128 : 64);
  tail.set(bytes.subarray(whole));
  tail[bytes.length - whole] = 0x80;
  const tailView = new DataView(tail.buffer);
  tailView.setBigUint64(tail.length - 8, BigInt(bytes.length) * 8n);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < whole; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getUint32(at + 4 * i);
    compress(state, w);
  }
  for (let at = 0; at < tail.length; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = tailView.getUint32(at + 4 * i);
    compress(state, w);
  }
  const out = new DataView(new ArrayBuffer(32));
  for (let i = 0; i < 8; i++) out.setUint32(4 * i, state[i]);
  return new Uint8Array(out.buffer);
};

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
