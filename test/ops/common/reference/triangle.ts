/** Matrices of which a triangle is kept; attrs { diagonal }, 0 where it is left out. */
import { eachIndex, numberOr, type Ref, type Reference, zeros } from "../ref.ts";

export const triangle = (keeps: (apart: number, diagonal: number) => boolean): Reference => {
  const kept = (x: Ref, diagonal: number): Ref => {
    const out = zeros(x.shape);
    eachIndex(x.shape, (index, flat) => {
      const [row, column] = index.slice(-2);
      if (keeps(column - row, diagonal)) out.data[flat] = x.data[flat];
    });
    return out;
  };
  return {
    forward: ([x], attrs) => kept(x, numberOr(attrs, "diagonal", 0)),
    backward: (_, attrs, gradOut) => [kept(gradOut, numberOr(attrs, "diagonal", 0))],
  };
};
