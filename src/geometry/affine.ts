import { GeometryError } from "../errors.ts";
import { apply, inverse, type Mat3 } from "./mat3.ts";
import { add, type Point3, scale, type Vec3 } from "./vec3.ts";

/** An affine map of three dimensions, `x -> linear x + offset`, from frame A to frame B. */
export interface Affine<A extends string = "voxel", B extends string = "lps"> {
  readonly linear: Mat3;
  readonly offset: Point3<B>;
  readonly from?: A;
}

export const mapPoint = <A extends string, B extends string>(m: Affine<A, B>, p: Point3<A>): Point3<B> =>
  add(apply(m.linear, p as Vec3), m.offset as Vec3) as Point3<B>;

/** Inverse map. Throws GeometryError for a singular linear part, naming the matrix. */
export const invertAffine = <A extends string, B extends string>(m: Affine<A, B>): Affine<B, A> => {
  const linear = inverse(m.linear);
  if (!linear)
    throw new GeometryError(`affine: the linear part [${m.linear.join(", ")}] is singular and has no inverse`);
  return { linear, offset: scale(apply(linear, m.offset as Vec3), -1) as Point3<A> };
};
