/**
 * Loops as users write them, without a tidy: evaluation and training, waiting for each step's numbers or never, through a forward
 * written by hand or a Sequential. What they hold on the device is watched by `npm run soak` and by loops.test.ts.
 */
import type { Device } from "../../src/device/index.ts";
import { BatchNorm2d, Conv2d, chain, Layer, type Module, ReLU, Sequential } from "../../src/nn/index.ts";
import { add, mean, noGrad, Rng, relu, square, sub, type Tensor } from "../../src/tensor/index.ts";
import { adam, Optimizer } from "../../src/training/index.ts";

class Block extends Layer {
  readonly conv1 = new Conv2d(4, 4, 3, { padding: 1, bias: false });
  readonly bn1 = new BatchNorm2d(4);
  readonly conv2 = new Conv2d(4, 4, 3, { padding: 1, bias: false });
  readonly bn2 = new BatchNorm2d(4);

  forward(x: Tensor): Tensor {
    const y = this.bn1.call(this.conv1.call(x));
    return relu(add(this.bn2.call(this.conv2.call(relu(y))), x));
  }
}

class ByHand extends Layer {
  readonly stem = new Conv2d(1, 4, 3, { padding: 1 });
  readonly block = new Block();
  readonly head = new Conv2d(4, 2, 1);

  forward(x: Tensor): Tensor {
    const features = relu(this.stem.call(x));
    const deeper = this.block.call(features);
    return this.head.call(chain(add(deeper, features), new ReLU()));
  }
}

const layers = (): Sequential =>
  new Sequential(
    new Conv2d(1, 4, 3, { padding: 1 }),
    new BatchNorm2d(4),
    new ReLU(),
    new Conv2d(4, 4, 3, { padding: 1 }),
    new ReLU(),
    new Conv2d(4, 2, 1),
  );

export interface Held {
  readonly bytes: number;
  readonly buffers: number;
}

export interface Loop {
  readonly name: string;
  /** Whether each step's numbers are waited for. */
  readonly waits: boolean;
  /** Tensors that the loop's own variables name in each step, and that nobody disposes of: bytes and buffers. */
  readonly variables: Held;
  /** Results between the output and the loss, which stay until the next backward: those of one step, however many there are. */
  readonly between: Held;
  /** Runs the steps, and tells what is held after each of those asked for. */
  run(device: Device, steps: number, at: readonly number[]): Promise<Held[]>;
}

const [n, size] = [2, 16];
const outputBytes = n * 2 * size * size * 4;
/** The pool's smallest buffer, which a loss takes. */
const lossBytes = 256;

const heldBy = (device: Device): Held => {
  device.settle();
  const { live, liveBuffers } = device.memory();
  return { bytes: live, buffers: liveBuffers };
};

/** Waits until what an earlier loop left to the garbage collector is gone, else its end would hide this loop's growth. */
async function settled(device: Device): Promise<void> {
  for (let i = 0, before = -1; i < 50 && before !== device.memory().live; i++) {
    before = device.memory().live;
    for (let j = 0; j < 4; j++) {
      new ArrayBuffer(2 ** 28);
      await new Promise((done) => setTimeout(done, 5));
    }
  }
}

const kinds: readonly (readonly [string, () => Module & { forward(x: Tensor): Tensor }])[] = [
  ["by hand", () => new ByHand()],
  ["Sequential", layers],
];

function loop(
  kind: string,
  make: () => Module & { forward(x: Tensor): Tensor },
  trains: boolean,
  waits: boolean,
): Loop {
  return {
    name: `${trains ? "training" : "evaluation"}, ${waits ? "awaited" : "never awaited"}, ${kind}`,
    waits,
    variables: { bytes: outputBytes + (trains ? lossBytes : 0), buffers: trains ? 2 : 1 },
    between: trains ? { bytes: 2 * outputBytes, buffers: 2 } : { bytes: 0, buffers: 0 },
    async run(device, steps, at) {
      const rng = new Rng(3);
      using model = make().train(trains).init(device, rng.fork("model"));
      using x = rng.fork("x").normal(device, [n, 1, size, size]);
      using target = rng.fork("target").normal(device, [n, 2, size, size]);
      const optimizer = new Optimizer(adam({ lr: 1e-3 }), model.namedParameters());
      await settled(device);
      const before = heldBy(device);
      const held: Held[] = [];
      for (let step = 1; step <= steps; step++) {
        if (trains) {
          const y = model.call(x);
          const loss = mean(square(sub(y, target)));
          loss.backward();
          optimizer.step();
          optimizer.zeroGrad();
          if (waits) await loss.item();
        } else {
          const y = noGrad(() => model.call(x));
          if (waits) await y.data();
        }
        if (at.includes(step)) {
          const now = heldBy(device);
          held.push({ bytes: now.bytes - before.bytes, buffers: now.buffers - before.buffers });
        }
      }
      optimizer.dispose();
      return held;
    },
  };
}

export const loops: readonly Loop[] = [false, true].flatMap((trains) =>
  [true, false].flatMap((waits) => kinds.map(([kind, make]) => loop(kind, make, trains, waits))),
);
