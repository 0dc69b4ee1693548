/**
 * Functions of direction, as tables over an octahedron unfolded to a square: a look-up costs one division and a
 * bilinear blend, with no trigonometry, and no direction is special.
 */
const cells = 96;
export const nodes = cells + 1;
const degrees = 12;

// Where `aim` points: a cell's first node, and how far into the cell.
let node = 0;
let across = 0;
let down = 0;

/** Sets the direction (x, y, z), of any length, that `read` looks in: several tables are read in one direction. */
export function aim(x: number, y: number, z: number): void {
  const ax = x < 0 ? -x : x;
  const ay = y < 0 ? -y : y;
  const s = 1 / (ax + ay + (z < 0 ? -z : z) + 1e-9);
  let u = x * s;
  let v = y * s;
  if (z < 0) {
    const t = (1 - ay * s) * (u < 0 ? -1 : 1);
    v = (1 - ax * s) * (v < 0 ? -1 : 1);
    u = t;
  }
  u = (u + 1) * (cells / 2);
  v = (v + 1) * (cells / 2);
  const i = u >= cells ? cells - 1 : u | 0;
  const j = v >= cells ? cells - 1 : v | 0;
  node = j * nodes + i;
  across = u - i;
  down = v - j;
}

/** The table's value in the direction last aimed in. */
export function read(table: Float32Array): number {
  const a = table[node];
  const low = a + across * (table[node + 1] - a);
  const c = table[node + nodes];
  return low + down * (c + across * (table[node + nodes + 1] - c) - low);
}

/** The table's value in the direction (x, y, z). */
export function lookUp(table: Float32Array, x: number, y: number, z: number): number {
  aim(x, y, z);
  return read(table);
}

let unit: Float32Array | undefined;
/** Unit vectors of all nodes, x y z interleaved: the inverse of `lookUp`'s unfolding. */
export function nodeDirections(): Float32Array {
  if (unit) return unit;
  unit = new Float32Array(3 * nodes * nodes);
  for (let j = 0; j < nodes; j++)
    for (let i = 0; i < nodes; i++) {
      let u = (2 * i) / cells - 1;
      let v = (2 * j) / cells - 1;
      const z = 1 - Math.abs(u) - Math.abs(v);
      if (z < 0) {
        const t = (1 - Math.abs(v)) * (u < 0 ? -1 : 1);
        v = (1 - Math.abs(u)) * (v < 0 ? -1 : 1);
        u = t;
      }
      const n = 1 / Math.hypot(u, v, z);
      unit.set([u * n, v * n, z * n], 3 * (j * nodes + i));
    }
  return unit;
}

/** How many real spherical harmonics there are up to and with degree l. */
export const harmonics = (l: number): number => (l + 1) ** 2;

let basis: Float32Array | undefined;
/**
 * Orthonormal real spherical harmonics up to degree 12 at every node, `[node][harmonic]`. Order within degree l: m = 0,
 * then for m = 1..l the one even in x and the one odd in x. Polar axis z, azimuth from y towards x.
 */
function harmonicBasis(): Float32Array {
  if (basis) return basis;
  const directions = nodeDirections();
  const width = harmonics(degrees);
  basis = new Float32Array(nodes * nodes * width);
  const legendre = new Float64Array(degrees + 1);
  for (let n = 0; n < nodes * nodes; n++) {
    const [x, y, z] = directions.subarray(3 * n, 3 * n + 3);
    const azimuth = Math.atan2(x, y);
    const sine = Math.hypot(x, y);
    // Normalized Legendre functions by the usual recurrence in l, started at l = m (no Condon-Shortley sign).
    let diagonal = Math.sqrt(1 / (4 * Math.PI));
    for (let m = 0; m <= degrees; m++) {
      if (m > 0) diagonal *= sine * Math.sqrt((2 * m + 1) / (2 * m));
      legendre[m] = diagonal;
      if (m < degrees) legendre[m + 1] = Math.sqrt(2 * m + 3) * z * diagonal;
      for (let l = m + 2; l <= degrees; l++) {
        const a = Math.sqrt((4 * l * l - 1) / (l * l - m * m));
        const b = Math.sqrt(((l - 1) ** 2 - m * m) / (4 * (l - 1) ** 2 - 1));
        legendre[l] = a * (z * legendre[l - 1] - b * legendre[l - 2]);
      }
      for (let l = m; l <= degrees; l++) {
        const o = n * width + l * l;
        if (m === 0) basis[o] = legendre[l];
        else {
          basis[o + 2 * m - 1] = Math.SQRT2 * legendre[l] * Math.cos(m * azimuth);
          basis[o + 2 * m] = Math.SQRT2 * legendre[l] * Math.sin(m * azimuth);
        }
      }
    }
  }
  return basis;
}

/** A star-shaped surface: its radius in every direction, and what turns a radial distance into a true one. */
export interface Star {
  readonly radius: Float32Array;
  readonly slope: Float32Array;
}

/** Coefficients by degree in the basis' order; rows that hold only the harmonics even in x (l + 1) get zeros between. */
export function coefficientsOf(rows: readonly (readonly number[])[]): Float64Array {
  const out = new Float64Array(harmonics(rows.length - 1));
  rows.forEach((row, l) => {
    const evenOnly = row.length === l + 1 && l > 0;
    row.forEach((c, i) => {
      out[l * l + (evenOnly ? Math.max(0, 2 * i - 1) : i)] = c;
    });
  });
  return out;
}

/** Table of exp(sum of coefficients times harmonics): radii in mm when the coefficients are of log mm. */
export function radiiOf(given: Float64Array | readonly (readonly number[])[]): Float32Array {
  const coefficients = given instanceof Float64Array ? given : coefficientsOf(given);
  const all = harmonicBasis();
  const width = harmonics(degrees);
  const out = new Float32Array(nodes * nodes);
  for (let n = 0; n < out.length; n++) {
    let sum = 0;
    for (let c = 0; c < coefficients.length; c++) sum += coefficients[c] * all[n * width + c];
    out[n] = Math.exp(sum);
  }
  return out;
}

/**
 * The surface with these radii. On a slanted part the nearest point is closer than the one along the ray: the slope is
 * the cosine between ray and normal, from the table's own differences.
 */
export function starOf(radius: Float32Array): Star {
  const slope = new Float32Array(radius.length);
  const d = nodeDirections();
  const step = 0.05;
  for (let n = 0; n < radius.length; n++) {
    const x = d[3 * n];
    const y = d[3 * n + 1];
    const z = d[3 * n + 2];
    // Two tangents: any vector not along the ray, crossed twice.
    const other: readonly [number, number, number] = Math.abs(z) < 0.7 ? [0, 0, 1] : [1, 0, 0];
    let ax = y * other[2] - z * other[1];
    let ay = z * other[0] - x * other[2];
    let az = x * other[1] - y * other[0];
    const norm = Math.hypot(ax, ay, az);
    ax /= norm;
    ay /= norm;
    az /= norm;
    const bx = y * az - z * ay;
    const by = z * ax - x * az;
    const bz = x * ay - y * ax;
    const at = (tx: number, ty: number, tz: number): number =>
      lookUp(radius, x + step * tx, y + step * ty, z + step * tz) -
      lookUp(radius, x - step * tx, y - step * ty, z - step * tz);
    const rise = Math.hypot(at(ax, ay, az), at(bx, by, bz)) / (2 * step * radius[n]);
    slope[n] = 1 / Math.sqrt(1 + rise * rise);
  }
  return { radius, slope };
}
