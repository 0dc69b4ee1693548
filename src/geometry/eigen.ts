/**
 * Eigenvalues and eigenvectors of a small symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, "Matrix
 * computations", section 8.5), ascending.
 *
 * @param n order of the matrix; meant for 3 and 4.
 * @param a n*n numbers, row-major, symmetric; not changed.
 * @returns `values[i]` belongs to the unit vector `vectors[i]` (its sign is not defined).
 */
export const symmetricEigen = (n: number, a: readonly number[]): { values: number[]; vectors: number[][] } => {
  const m = [...a];
  const v = Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  const size = m.reduce((sum, x) => sum + x * x, 0);
  for (let sweep = 0; sweep < 64; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += m[p * n + q] ** 2;
    if (off <= 1e-32 * size) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(m, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => m[i * (n + 1)] - m[j * (n + 1)]);
  return {
    values: order.map((i) => m[i * (n + 1)]),
    vectors: order.map((i) => Array.from({ length: n }, (_, r) => v[r * n + i])),
  };
};

/** One rotation that makes m[p][q] zero; v gathers the rotations. */
const rotate = (m: number[], v: number[], n: number, p: number, q: number): void => {
  const b = m[p * n + q];
  if (b === 0) return;
  const theta = (m[q * n + q] - m[p * n + p]) / (2 * b);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const x = m[k * n + p];
    const y = m[k * n + q];
    m[k * n + p] = c * x - s * y;
    m[k * n + q] = s * x + c * y;
  }
  for (let k = 0; k < n; k++) {
    const x = m[p * n + k];
    const y = m[q * n + k];
    m[p * n + k] = c * x - s * y;
    m[q * n + k] = s * x + c * y;
    const z = v[k * n + p];
    const w = v[k * n + q];
    v[k * n + p] = c * z - s * w;
    v[k * n + q] = s * z + c * w;
  }
};
