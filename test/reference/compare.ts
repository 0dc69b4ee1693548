/** Comparisons, which give 0 or 1 and have no gradient, and where. */
import { broadcastMap, broadcastShape, type Reference, zeros } from "./ref.ts";

const rules: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
};

function together(op: string, ...shapes: (readonly number[])[]): number[] {
  let out: number[] | undefined = [];
  for (const s of shapes) out = out && broadcastShape(out, s);
  if (!out) throw new RangeError(`${op}: ${shapes.map((s) => `[${s}]`).join(" ")} do not broadcast`);
  return out;
}

const comparison = (op: string): Reference => ({
  op,
  forward([a, b]) {
    const out = zeros(together(op, a.shape, b.shape));
    const [atA, atB] = [a, b].map((x) => broadcastMap(x.shape, out.shape));
    for (let i = 0; i < out.data.length; i++) out.data[i] = rules[op](a.data[atA[i]], b.data[atB[i]]) ? 1 : 0;
    return out;
  },
  backward: () => [null, null],
});

const where: Reference = {
  op: "where",
  forward([condition, a, b]) {
    const out = zeros(together("where", condition.shape, a.shape, b.shape));
    const [atC, atA, atB] = [condition, a, b].map((x) => broadcastMap(x.shape, out.shape));
    for (let i = 0; i < out.data.length; i++)
      out.data[i] = condition.data[atC[i]] !== 0 ? a.data[atA[i]] : b.data[atB[i]];
    return out;
  },
  backward([condition, a, b], _attrs, gradOut) {
    const [atC, atA, atB] = [condition, a, b].map((x) => broadcastMap(x.shape, gradOut.shape));
    const [ga, gb] = [zeros(a.shape), zeros(b.shape)];
    for (let i = 0; i < gradOut.data.length; i++) {
      if (condition.data[atC[i]] !== 0) ga.data[atA[i]] += gradOut.data[i];
      else gb.data[atB[i]] += gradOut.data[i];
    }
    return [null, ga, gb];
  },
};

export const compareReferences: readonly Reference[] = [...Object.keys(rules).map(comparison), where];
