import { GradError, ShapeError } from "../errors.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import type { BackwardContext } from "./apply.ts";
import type { Hold } from "./hold.ts";
import { add } from "./ops/elementwise/elementwise.ts";
import { isOwned, keep, noGrad, tidy } from "./scope.ts";
import { sameShape, show, sizeOf } from "./shape.ts";
import { Leaf, Node } from "./tape.ts";
import { full, Tensor } from "./tensor.ts";

/** Nodes from the output to the inputs, each before the nodes it feeds from; iterative, so that depth does not matter. */
function order(root: Node): Node[] {
  const done = new Set<Node>();
  const out: Node[] = [];
  const stack: [Node, number][] = [[root, 0]];
  done.add(root);
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    const next = top[0].inputs[top[1]++];
    if (top[1] > top[0].inputs.length) {
      out.push(top[0]);
      stack.pop();
    } else if (next instanceof Node && !done.has(next)) {
      done.add(next);
      stack.push([next, 0]);
    }
  }
  return out.reverse();
}

function restore(node: Node): Tensor[] {
  if (node.spent)
    throw new GradError(
      `backward: the values that ${node.op.name} kept are gone, because backward ran before; run the forward pass again, or give the backward before { retainGraph: true }`,
    );
  return node.saved.map((s, i) => {
    if (s.storage.version !== s.version)
      throw new GradError(
        `backward: value ${i} that ${node.op.name} kept ${show(s.shape)} was overwritten in place after the forward pass (an optimizer step, or write()); run the forward pass again, or write later`,
      );
    return new Tensor(s.shape, s.storage.dtype, s.storage.retain());
  });
}

export interface BackwardOptions {
  /** The gradient of the tensor itself, of its shape. Default 1, for a tensor of one number. */
  readonly gradient?: Tensor | undefined;
  /** Keeps what the graph saved, for another backward through it. Default false. */
  readonly retainGraph?: boolean | undefined;
}
const backwardKeys: KeysOf<BackwardOptions> = { gradient: 1, retainGraph: 1 };

/** A result of one number stays with its handle: parts of a loss are read long after, and take no memory to speak of. */
const isNumber = (hold: Hold): boolean => sizeOf(hold.shape) === 1;

/**
 * Gradients of `root` with respect to every tensor marked by `requireGrad()` that it came from, added to their `grad`.
 * `root` must have one element unless its gradient is given. What was saved is released on the way, unless `retainGraph` says to
 * keep it; the results on the way (not `root`, numbers, what modules gave, and what was kept) go with the next backward.
 */
export function backward(root: Tensor, given?: Tensor | BackwardOptions): void {
  const { gradient, retainGraph = false }: BackwardOptions =
    given instanceof Tensor ? { gradient: given } : checkOptions("backward", given ?? {}, backwardKeys);
  if (root.isMeta)
    throw new GradError(
      `backward: the tensor ${show(root.shape)} is shape-only; fill the model with init(device, rng) or load(device, state)`,
    );
  if (!root.node)
    throw new GradError(
      `backward: the tensor ${show(root.shape)} has no history; mark an input with requireGrad(), and do not call it in noGrad()`,
    );
  if (!gradient && root.size !== 1)
    throw new GradError(
      `backward: the tensor ${show(root.shape)} is not one number; give its gradient, or reduce it with mean() or sum()`,
    );
  if (gradient && !sameShape(gradient.shape, root.shape))
    throw new ShapeError(`backward: the gradient is ${show(gradient.shape)}, the tensor ${show(root.shape)}`);
  const device = root.device;
  const { spare } = device.pool;
  if (!retainGraph) device.pool.releaseSpare();
  const grads = new Map<Node, Tensor>();
  const accumulate = (old: Tensor | null | undefined, more: Tensor): Tensor => {
    if (!old) return more;
    const sum = keep(add(old, more));
    more.dispose();
    return sum;
  };
  const nodes = order(root.node);
  for (const node of nodes) node.retain(); // until each has had its turn
  noGrad(() => {
    grads.set(root.node!, keep(gradient ? gradient.alias() : full(device, root.shape, 1)));
    try {
      for (const node of nodes) {
        const grad = grads.get(node);
        if (!grad) continue; // nothing flows to it
        const needs = node.inputs.map((i) => i !== undefined);
        const results = tidy(() => {
          const ctx: BackwardContext = { device, saved: restore(node), inputShapes: node.inputShapes, needs };
          const given = node.op.backward!(ctx, grad, node.attrs);
          // A tensor from elsewhere stays its owner's.
          return given.map((g, i) => (g && needs[i] ? (g === grad || isOwned(g) ? g : g.alias()) : null));
        });
        node.inputs.forEach((target, i) => {
          const g = results[i];
          if (!target || !g) return;
          // The same tensor may be returned for two inputs, or be the incoming gradient itself.
          const own = keep(g === grad || results.indexOf(g) < i ? g.alias() : g);
          if (!sameShape(own.shape, node.inputShapes[i]))
            throw new GradError(
              `${node.op.name}: its gradient of input ${i} is ${show(own.shape)}, the input ${show(node.inputShapes[i])}`,
            );
          if (target instanceof Leaf) target.replace(accumulate(target.grad, own));
          else {
            const before = grads.get(target);
            grads.set(target, accumulate(before, own));
            before?.dispose();
          }
        });
        grads.delete(node);
        grad.dispose();
        if (retainGraph) continue;
        node.spend();
        const { result } = node;
        if (result && node !== root.node && !result.kept && !isNumber(result)) spare.push(result);
      }
    } finally {
      for (const g of grads.values()) g.dispose();
      for (const node of nodes) node.release();
    }
  });
}
