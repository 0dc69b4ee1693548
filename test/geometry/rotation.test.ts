import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { angleBetween, norm, rotationFromVector, type Vec3, vectorFromRotation } from "../../src/geometry/index.ts";
import { determinant, identity3 } from "../../src/geometry/mat3.ts";

const component = fc.double({ min: -170, max: 170, noNaN: true });
const vectors = fc.tuple(component, component, component).filter((v) => norm(v) < 179);

describe("rotationFromVector", () => {
  // Found by a property: the reciprocal of a length below 6e-309 is infinite.
  it.each([5e-324, 2e-322, 1e-310, 1e-200, 1e-20])("turns by %d degrees, which is not at all", (angle) => {
    for (const v of [
      [0, 0, angle],
      [-angle, angle, 0],
    ] as Vec3[])
      rotationFromVector(v).forEach((x, i) => {
        expect(x).toBeCloseTo(identity3[i], 15);
      });
  });

  it("is a proper rotation, and vectorFromRotation takes it back (property)", () => {
    fc.assert(
      fc.property(vectors, (v) => {
        const r = rotationFromVector(v);
        expect(determinant(r)).toBeCloseTo(1, 12);
        vectorFromRotation(r).forEach((x, k) => {
          expect(x).toBeCloseTo(v[k], 6);
        });
        expect(angleBetween(identity3, r)).toBeCloseTo(norm(v), 6);
      }),
    );
  });
});
