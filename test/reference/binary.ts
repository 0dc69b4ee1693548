/** Two-input elementwise ops with numpy's broadcasting. */
import { type Attrs, broadcastMap, broadcastShape, type Ref, type Reference, zeros } from "./ref.ts";

type Value = (a: number, b: number) => number;

/** Value and the two partial derivatives of each op. Ties of maximum and minimum give half the gradient to each side. */
export const binaryRules: Readonly<Record<string, { value: Value; da: Value; db: Value }>> = {
  add: { value: (a, b) => a + b, da: () => 1, db: () => 1 },
  sub: { value: (a, b) => a - b, da: () => 1, db: () => -1 },
  mul: { value: (a, b) => a * b, da: (_, b) => b, db: (a) => a },
  div: { value: (a, b) => a / b, da: (_, b) => 1 / b, db: (a, b) => -a / (b * b) },
  pow: {
    value: (a, b) => a ** b,
    da: (a, b) => b * a ** (b - 1),
    db: (a, b) => a ** b * Math.log(a),
  },
  maximum: {
    value: (a, b) => Math.max(a, b),
    da: (a, b) => (a > b ? 1 : a < b ? 0 : 0.5),
    db: (a, b) => (b > a ? 1 : b < a ? 0 : 0.5),
  },
  minimum: {
    value: (a, b) => Math.min(a, b),
    da: (a, b) => (a < b ? 1 : a > b ? 0 : 0.5),
    db: (a, b) => (b < a ? 1 : b > a ? 0 : 0.5),
  },
};

function outShape(op: string, a: Ref, b: Ref): number[] {
  const shape = broadcastShape(a.shape, b.shape);
  if (!shape) throw new RangeError(`${op}: [${a.shape}] and [${b.shape}] do not broadcast`);
  return shape;
}

const binary = (op: string): Reference => {
  const { value, da, db } = binaryRules[op];
  return {
    op,
    forward([a, b]) {
      const out = zeros(outShape(op, a, b));
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

export const binaryReferences: readonly Reference[] = Object.keys(binaryRules).map(binary);
