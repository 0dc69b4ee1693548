import type { Random } from "../../random.ts";

const side = 32;
const mask = side - 1;

/**
 * Smooth random field over space: values in [-1, 1] on a periodic lattice of 32^3 points, joined by cubic easing. One
 * lattice serves a whole head; callers take independent-looking fields from it by offsets of several lattice cells.
 */
export class Noise {
  readonly #lattice = new Float32Array(side ** 3);

  constructor(random: Random) {
    for (let i = 0; i < this.#lattice.length; i += 4) {
      // Four values of 8 bits a word: the field is interpolated, so finer steps would not show.
      const word = random.uint32();
      for (let b = 0; b < 4; b++) this.#lattice[i + b] = ((word >>> (8 * b)) & 255) / 127.5 - 1;
    }
  }

  /** Value at a point in lattice units: features are about one unit wide. */
  at(x: number, y: number, z: number): number {
    const fx = Math.floor(x);
    const fy = Math.floor(y);
    const fz = Math.floor(z);
    let u = x - fx;
    let v = y - fy;
    let w = z - fz;
    u = u * u * (3 - 2 * u);
    v = v * v * (3 - 2 * v);
    w = w * w * (3 - 2 * w);
    const x0 = fx & mask;
    const x1 = (fx + 1) & mask;
    const y0 = (fy & mask) * side;
    const y1 = ((fy + 1) & mask) * side;
    const z0 = (fz & mask) * side * side;
    const z1 = ((fz + 1) & mask) * side * side;
    const n = this.#lattice;
    const a = n[x0 + y0 + z0] + u * (n[x1 + y0 + z0] - n[x0 + y0 + z0]);
    const b = n[x0 + y1 + z0] + u * (n[x1 + y1 + z0] - n[x0 + y1 + z0]);
    const c = n[x0 + y0 + z1] + u * (n[x1 + y0 + z1] - n[x0 + y0 + z1]);
    const d = n[x0 + y1 + z1] + u * (n[x1 + y1 + z1] - n[x0 + y1 + z1]);
    const low = a + v * (b - a);
    return low + w * (c + v * (d - c) - low);
  }
}
