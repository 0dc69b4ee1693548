/** Whether any or all entries of a group are not 0; NaN is not 0. */
import { full, type Reference } from "../ref.ts";
import { groupsFor } from "./reduce.ts";

export const truth = (op: "any" | "all"): Reference => ({
  forward([x], attrs) {
    const { shape, group } = groupsFor(x, attrs);
    const out = full(shape, op === "all" ? 1 : 0);
    x.data.forEach((v, i) => {
      if (op === "all" && v === 0) out.data[group[i]] = 0;
      if (op === "any" && v !== 0) out.data[group[i]] = 1;
    });
    return out;
  },
  backward: () => [null],
});
