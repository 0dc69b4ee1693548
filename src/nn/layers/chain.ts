import { type Tensor, tidy } from "../../tensor/index.ts";
import { isOwned } from "../../tensor/scope.ts";
import { abandon, begin, type Call, end, isObserved, runCall } from "../call.ts";
import { Layer } from "../module.ts";
import { fusedAt } from "./fuse.ts";

/** A layer, or a function between layers, such as `(x) => concat([x, skip], 1)`. */
export type ChainStep = Layer | ((x: Tensor) => Tensor);

/** A Sequential as it stands in a chain: taken apart, and told of as one. */
interface Frame {
  readonly sequential: Sequential;
}

/** The steps with every Sequential taken apart, and the Sequentials around each. */
function flatten(
  given: readonly ChainStep[],
  around: readonly Frame[],
  steps: ChainStep[],
  frames: (readonly Frame[])[],
): void {
  for (const step of given)
    if (step instanceof Sequential && step.forward === Sequential.prototype.forward)
      flatten(step.layers, [...around, { sequential: step }], steps, frames);
    else {
      steps.push(step);
      frames.push(around);
    }
}

/** The calls of the Sequentials that a chain is inside of. */
class Inside {
  readonly #frames: Frame[] = [];
  readonly #calls: Call[] = [];

  /** Leaves those that are not in `to`, with `y` as their result, and enters the others with it. */
  move(to: readonly Frame[], y: Tensor): void {
    let same = 0;
    while (same < this.#frames.length && this.#frames[same] === to[same]) same++;
    while (this.#frames.length > same) {
      this.#frames.pop();
      end(this.#calls.pop()!, y);
    }
    for (const frame of to.slice(same)) {
      this.#calls.push(begin(frame.sequential, y));
      this.#frames.push(frame);
    }
  }

  /** Leaves all, since something was thrown. */
  abandon(error: unknown): unknown {
    return this.#calls.reduceRight((e, call) => abandon(call, e), error);
  }
}

/**
 * x through the steps, one after the other: how a forward is written, and what Sequential does. Convolution, batch norm and
 * ReLU become one kernel where they can (fuse.ts), also across the borders of a Sequential among the steps. Each intermediate
 * result is let go of as soon as the step behind it has run; the tape keeps what a gradient needs, and a step that needs its
 * input for longer says `keep(x)`. x itself is the caller's and stays.
 */
export function chain(x: Tensor, ...steps: readonly ChainStep[]): Tensor {
  const flat: ChainStep[] = [];
  const frames: (readonly Frame[])[] = [];
  flatten(steps, [], flat, frames);
  const inside = new Inside();
  /** Runs the step at `at`, and those that fuse with it; gives the result and the next step. */
  const run = (at: number, y: Tensor): readonly [Tensor, number] => {
    const step = flat[at];
    if (!(step instanceof Layer)) return [tidy(() => step(y)), at + 1];
    const fused = fusedAt(flat, at, y);
    if (!fused) return [step.call(y), at + 1];
    let call: Call | undefined;
    const result = runCall(step, y, (own) => {
      call = own;
      return fused.run(y);
    });
    const next = at + fused.count;
    if (isObserved())
      for (let i = at + 1; i < next; i++) {
        inside.move(frames[i], result);
        const taken = flat[i];
        if (taken instanceof Layer) end(begin(taken, result, call), result);
      }
    return [result, next];
  };
  return tidy(() => {
    let y = x;
    try {
      for (let at = 0; at < flat.length; ) {
        inside.move(frames[at], y);
        const [result, next] = run(at, y);
        if (y !== result && isOwned(y)) y.dispose();
        y = result;
        at = next;
      }
      inside.move([], y);
    } catch (error) {
      throw inside.abandon(error);
    }
    return y;
  });
}

/** Layers one after the other, as `chain` runs them; their names are their indices. */
export class Sequential extends Layer {
  readonly layers: readonly Layer[];

  constructor(...layers: Layer[]) {
    super();
    this.layers = layers;
  }

  protected override fields(): Iterable<readonly [string, unknown]> {
    return this.layers.map((l, i) => [`${i}`, l] as const);
  }

  forward(x: Tensor): Tensor {
    return chain(x, ...this.layers);
  }
}
