import { Random } from "../../random.ts";

/**
 * 65,536 standard normal numbers, drawn once with a fixed seed. Pixels pick from it at random: a table look-up costs a
 * fiftieth of a Box-Muller pair from Threefry, and noise in pixels needs no finer steps.
 */
let table: Float32Array | undefined;

const normals = (): Float32Array => {
  if (table) return table;
  const random = new Random(1).fork("normals");
  table = Float32Array.from({ length: 65536 }, () => random.normal());
  return table;
};

/**
 * Replaces each pixel by the magnitude of a complex number with that real part and normal noise of the given deviation
 * in both parts: what a magnitude MR image shows (Gudbjartsson and Patz, "The Rician distribution of noisy MRI data",
 * Magn. Reson. Med. 34 (1995)). Air becomes a Rayleigh floor with mean 1.25 deviations. Deviation 0 changes nothing.
 */
export const addRician = (data: Float32Array, deviation: number, random: Random): void => {
  if (!(deviation > 0)) return;
  const normal = normals();
  // xorshift32 (Marsaglia 2003), seeded from the stream: one word gives both table indices of a pixel.
  let state = random.uint32() | 1;
  for (let i = 0; i < data.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const real = data[i] + deviation * normal[state & 0xffff];
    const imaginary = deviation * normal[state >>> 16];
    data[i] = Math.sqrt(real * real + imaginary * imaginary);
  }
};
