/** Samples of ops that turn and roll. */
import { anyShapes } from "../sample.ts";

type Shape = readonly number[];

/** Shapes with something to turn, in every rank, one to many workgroups. */
export const shapes: readonly Shape[] = anyShapes.filter((s) => s.length > 0);

export const some = (shape: Shape, i: number): number[] => {
  const axes = shape.map((_, d) => d).filter((d) => ((i >> d) & 1) === 0 || shape.length === 1);
  return i % 3 === 0 ? axes.map((d) => d - shape.length) : axes;
};
