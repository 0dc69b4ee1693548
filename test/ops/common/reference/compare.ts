/** Comparisons, which give 0 or 1 and have no gradient. */
import { broadcastMap, broadcastShape, type Reference, zeros } from "../ref.ts";

export function together(...shapes: (readonly number[])[]): number[] {
  let out: number[] | undefined = [];
  for (const s of shapes) out = out && broadcastShape(out, s);
  if (!out) throw new RangeError(`reference: ${shapes.map((s) => `[${s}]`).join(" ")} do not broadcast`);
  return out;
}

export const compared = (holds: (a: number, b: number) => boolean): Reference => ({
  forward([a, b]) {
    const out = zeros(together(a.shape, b.shape));
    const [atA, atB] = [a, b].map((x) => broadcastMap(x.shape, out.shape));
    for (let i = 0; i < out.data.length; i++) out.data[i] = holds(a.data[atA[i]], b.data[atB[i]]) ? 1 : 0;
    return out;
  },
  backward: () => [null, null],
});
