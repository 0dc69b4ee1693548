import type { Op } from "./apply.ts";
import type { Hold } from "./hold.ts";
import { enrol } from "./scope.ts";
import type { Shape } from "./shape.ts";
import type { Storage } from "./storage.ts";
import type { Tensor } from "./tensor.ts";

/** Where the gradient of a tensor marked with `requireGrad()` gathers. */
export class Leaf {
  readonly shape: Shape;
  grad: Tensor | null = null;
  /** The user has had the gradient in hand, and may have it still. */
  lent = false;
  constructor(shape: Shape) {
    this.shape = shape;
  }

  /** The gradient for the user's hands: the innermost scope's, as what is made there. */
  lend(): Tensor | null {
    if (this.grad && !this.lent) {
      this.lent = true;
      this.grad.lender = this;
      enrol(this.grad);
    }
    return this.grad;
  }

  /** A scope that the gradient was had in ends: nobody has it in hand any more. */
  takeBack(grad: Tensor): void {
    if (this.grad === grad) this.lent = false;
    else grad.dispose();
  }

  replace(grad: Tensor | null): void {
    if (!this.lent) this.grad?.dispose();
    this.lent = false;
    this.grad = grad;
  }
}

/** What an op keeps for its backward: memory, and the version it had, so that overwritten values are refused. */
export interface Saved {
  readonly storage: Storage;
  readonly version: number;
  readonly shape: Shape;
}

/**
 * One recorded op. It holds storages, not tensor handles: disposing a handle never breaks a pending backward. Counted by
 * the tensors that come from it and by the nodes behind them; with the last of these it lets go of all it holds.
 */
export class Node {
  readonly op: Op<unknown>;
  readonly attrs: unknown;
  inputs: readonly (Leaf | Node | undefined)[];
  readonly inputShapes: readonly Shape[];
  readonly shape: Shape;
  saved: readonly Saved[];
  /** Backward has run, and all it needed was let go of. */
  spent = false;
  /** What the handle of its result holds. */
  result: Hold | undefined;
  #references = 1;

  constructor(op: Op<unknown>, attrs: unknown, inputs: readonly Tensor[], shape: Shape, saved: readonly Saved[]) {
    this.op = op;
    this.attrs = attrs;
    this.inputs = inputs.map((t) => t.gradTarget);
    this.inputShapes = inputs.map((t) => t.shape);
    this.shape = shape;
    this.saved = saved;
    for (const s of saved) s.storage.retain();
    for (const i of this.inputs) if (i instanceof Node) i.retain();
  }

  retain(): void {
    this.#references++;
  }

  /** Without recursion, so that a chain of any length can go. */
  release(): void {
    const pending: Node[] = [this];
    for (let node = pending.pop(); node; node = pending.pop()) {
      if (--node.#references === 0) pending.push(...node.#letGo());
    }
  }

  /** Backward has run: what it needed, and the nodes before this one, are let go of, however long the result lives. */
  spend(): void {
    for (const before of this.#letGo()) before.release();
  }

  /** Gives the nodes whose references are the caller's to release. */
  #letGo(): Node[] {
    const before = this.inputs.filter((i) => i instanceof Node);
    for (const s of this.saved) s.storage.release();
    this.spent = true;
    this.inputs = [];
    this.saved = [];
    return before;
  }
}
