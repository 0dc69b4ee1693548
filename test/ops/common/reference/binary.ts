/** Two-input elementwise ops with numpy's broadcasting. */
import { type Attrs, broadcastMap, broadcastShape, type Ref, type Reference, zeros } from "../ref.ts";

type Value = (a: number, b: number) => number;

/** Value and the two partial derivatives. */
export interface BinaryRule {
  readonly value: Value;
  readonly da: Value;
  readonly db: Value;
}

function outShape(a: Ref, b: Ref): number[] {
  const shape = broadcastShape(a.shape, b.shape);
  if (!shape) throw new RangeError(`reference: [${a.shape}] and [${b.shape}] do not broadcast`);
  return shape;
}

export const binaryReference = ({ value, da, db }: BinaryRule): Reference => {
  return {
    forward([a, b]) {
      const out = zeros(outShape(a, b));
      const atA = broadcastMap(a.shape, out.shape);
      const atB = broadcastMap(b.shape, out.shape);
      for (let i = 0; i < out.data.length; i++) out.data[i] = value(a.data[atA[i]], b.data[atB[i]]);
      return out;
    },
    backward([a, b], _attrs: Attrs, gradOut) {
      const atA = broadcastMap(a.shape, gradOut.shape);
      const atB = broadcastMap(b.shape, gradOut.shape);
      const ga = zeros(a.shape);
      const gb = zeros(b.shape);
      for (let i = 0; i < gradOut.data.length; i++) {
        const x = a.data[atA[i]];
        const y = b.data[atB[i]];
        ga.data[atA[i]] += gradOut.data[i] * da(x, y);
        gb.data[atB[i]] += gradOut.data[i] * db(x, y);
      }
      return [ga, gb];
    },
  };
};
