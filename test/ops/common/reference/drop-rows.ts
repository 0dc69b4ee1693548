/** Channel dropout and stochastic depth: whole rows kept or zeroed by the numbers of a stream. */
import { Random } from "../../../../src/random.ts";
import { type Attrs, numberOf, numbersOf, type Ref, type Reference, sizeOf } from "../ref.ts";

const dropped = (x: Ref, attrs: Attrs, lead: number): Ref => {
  const p = numberOf(attrs, "p");
  const [k0, k1] = numbersOf(attrs, "key");
  const random = new Random({ key: [k0, k1], drawn: 0 });
  const factors = Array.from({ length: sizeOf(x.shape.slice(0, lead)) }, () =>
    random.uniform() >= p ? 1 / (1 - p) : 0,
  );
  const s = sizeOf(x.shape.slice(lead));
  return { shape: x.shape, data: x.data.map((v, i) => v * factors[Math.floor(i / s)]) };
};

/** Rows are named by the first `lead` indices. */
export const dropRows = (lead: number): Reference => ({
  forward: ([x], attrs) => dropped(x, attrs, lead),
  backward: (_, attrs, gradOut) => [dropped(gradOut, attrs, lead)],
});
