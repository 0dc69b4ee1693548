import { type Device, observeOps, sizeOf, type Tensor } from "fiducial";

const views = new Set(["reshape"]);

/**
 * Bytes that `work` must hold at once, by the graph of its ops alone: the largest sum, over ops, of the tensors between the op
 * that makes them and the last op that reads them. What no op makes (weights, inputs) does not count; results live to the end.
 * A view is the tensor it looks at.
 */
export function leastBytes(work: () => readonly Tensor[]): number {
  const whole = new Map<Tensor, Tensor>();
  const rootOf = (t: Tensor): Tensor => whole.get(t) ?? t;
  const lives = new Map<Tensor, { from: number; to: number }>();
  let ops = 0;
  const stop = observeOps(({ op, tensors, nested }) => {
    if (nested) return;
    for (const t of tensors.inputs) {
      const life = lives.get(rootOf(t));
      if (life) life.to = ops;
    }
    if (views.has(op)) whole.set(tensors.output, rootOf(tensors.inputs[0]));
    else lives.set(tensors.output, { from: ops, to: ops });
    ops++;
  });
  const results = work();
  stop();
  for (const t of results) {
    const life = lives.get(rootOf(t));
    if (life) life.to = ops;
  }
  const sums = new Float64Array(ops + 1);
  for (const [t, { from, to }] of lives) for (let i = from; i <= to; i++) sums[i] += sizeOf(t.shape) * 4;
  return Math.max(...sums);
}

/** Bytes that `work` held at most, above what was held before it; disposes what it gives. */
export function mostBytes(device: Device, work: () => readonly Tensor[]): number {
  device.settle();
  const before = device.memory().live;
  device.pool.resetPeak();
  const results = work();
  device.settle();
  for (const t of results) t.dispose();
  return device.memory().peak - before;
}
