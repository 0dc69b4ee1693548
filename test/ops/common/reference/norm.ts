/** Softmax and its logarithm, of which several ops are made. */
import { type Ref, zeros } from "../ref.ts";
import { groupsOf } from "./reduce.ts";

/** Softmax and its logarithm over any set of axes taken together; also the groups it was taken over. */
export function softmaxParts(x: Ref, axes: readonly number[]) {
  const groups = groupsOf(x.shape, axes, false);
  const { group } = groups;
  const top = zeros(groups.shape).data.fill(-Infinity);
  for (let i = 0; i < x.data.length; i++) top[group[i]] = Math.max(top[group[i]], x.data[i]);
  const total = zeros(groups.shape).data;
  for (let i = 0; i < x.data.length; i++) total[group[i]] += Math.exp(x.data[i] - top[group[i]]);
  const log = x.data.map((v, i) => v - top[group[i]] - Math.log(total[group[i]]));
  return { group, length: groups.length, top, total, log, p: log.map(Math.exp) };
}

/** Sum of `values` in each group. */
export function groupSums(values: Float64Array, group: Int32Array, count: number): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0; i < values.length; i++) out[group[i]] += values[i];
  return out;
}
