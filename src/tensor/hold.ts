import type { Shape } from "./shape.ts";
import type { Storage } from "./storage.ts";
import type { Node } from "./tape.ts";

/** Tensors that the garbage collector found undisposed: the net under explicit ownership, and a leak detector. */
export const leaks = { found: 0 };
const net = new FinalizationRegistry<Hold>((hold) => {
  leaks.found++;
  hold.release();
});

/**
 * What a tensor handle holds: a reference on its memory and one on its node, each until it is let go of. It stands apart from the
 * handle, so that the tape and the garbage collector can let go for a handle that nobody has in hand.
 */
export class Hold {
  readonly shape: Shape;
  /** How the tensor came about, while a gradient may still be asked for. */
  readonly node: Node | undefined;
  storage: Storage;
  released = false;
  /** A backward pass lets go of it, unless it is the user's: kept, or what a module gave. */
  kept = false;

  /** Takes over one reference on the storage and one on the node. */
  constructor(handle: object, shape: Shape, storage: Storage, node: Node | undefined) {
    this.shape = shape;
    this.storage = storage;
    this.node = node;
    if (node) node.result = this;
    storage.device.pool.holders.add(this);
    net.register(handle, this, this);
  }

  get bytes(): number {
    return this.storage.bytes;
  }

  release(): void {
    if (this.released) return;
    this.released = true;
    net.unregister(this);
    this.storage.device.pool.holders.delete(this);
    this.storage.release();
    this.node?.release();
  }
}
