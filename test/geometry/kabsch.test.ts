import { describe, expect, it } from "vitest";
import { GeometryError } from "../../src/errors.ts";
import {
  angleBetween,
  bestRotation,
  dot,
  mat3,
  norm,
  rotationFromVector,
  symmetricEigen,
  type Vec3,
} from "../../src/geometry/index.ts";
import { Random } from "../../src/random.ts";

describe("symmetricEigen", () => {
  it.each([3, 4])("gives values and orthonormal vectors of a random matrix of order %i, ascending", (n) => {
    const random = new Random(n);
    const b = Array.from({ length: n * n }, () => random.normal());
    const a = b.map((v, i) => v + b[(i % n) * n + Math.floor(i / n)]);
    const { values, vectors } = symmetricEigen(n, a);
    expect([...values].sort((x, y) => x - y)).toEqual(values);
    vectors.forEach((v, k) => {
      for (let r = 0; r < n; r++)
        expect(v.reduce((s, x, c) => s + a[r * n + c] * x, 0)).toBeCloseTo(values[k] * v[r], 10);
      vectors.forEach((w, j) => {
        expect(v.reduce((s, x, c) => s + x * w[c], 0)).toBeCloseTo(j === k ? 1 : 0, 10);
      });
    });
  });

  it("copes with a diagonal and a repeated value", () => {
    expect(symmetricEigen(3, [2, 0, 0, 0, 1, 0, 0, 0, 2]).values).toEqual([1, 2, 2]);
  });
});

describe("bestRotation", () => {
  const random = new Random(3);
  const points = Array.from({ length: 12 }, (): Vec3 => [random.normal(), random.normal(), random.normal()]);

  it("finds the rotation between two clouds, shifted or not, also beyond 90 degrees", () => {
    for (const v of [
      [0, 0, 0],
      [10, 20, -30],
      [0, 170, 20],
    ] as Vec3[]) {
      const turn = rotationFromVector(v);
      const moved = points.map((p) => mat3.apply(turn, p).map((x, k) => x + [5, -7, 100][k]) as unknown as Vec3);
      expect(angleBetween(bestRotation(points, moved), turn)).toBeLessThan(1e-6);
    }
  });

  it("never reflects", () => {
    const mirrored = points.map(([x, y, z]): Vec3 => [-x, y, z]);
    const r = bestRotation(points, mirrored);
    expect(mat3.determinant(r)).toBeCloseTo(1, 9);
    expect(norm(mat3.column(r, 0))).toBeCloseTo(1, 9);
    expect(dot(mat3.column(r, 0), mat3.column(r, 1))).toBeCloseTo(0, 9);
  });

  it("refuses too few points, and points on a line", () => {
    expect(() => bestRotation(points.slice(0, 2), points.slice(0, 2))).toThrow(GeometryError);
    const line = [1, 2, 3, 4].map((t): Vec3 => [t, 2 * t, -t]);
    expect(() => bestRotation(line, line)).toThrow(/one line/);
  });
});
