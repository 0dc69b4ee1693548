import { beforeAll, describe, expect, test } from "vitest";
import { type Device, openDevice } from "../../src/device/index.ts";
import { ConfigError, DeviceLostError, FiducialError, ShapeError } from "../../src/errors.ts";
import { BatchNorm2d, Conv2d, Layer, Linear, Module, observeCalls, ReLU, Sequential } from "../../src/nn/index.ts";
import { add, concat, keep, noGrad, Rng, relu, softmax, Tensor, tidy } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});
const image = (shape: readonly number[]): Tensor => new Rng(1).normal(device, shape);
const buffers = (): number => {
  device.settle();
  return device.memory().liveBuffers;
};

class Steps extends Layer {
  forward(x: Tensor): Tensor {
    const a = concat([x, x], 1);
    const b = softmax(a, 1);
    return concat([a, b], 1);
  }
}

class Same extends Layer {
  forward(x: Tensor): Tensor {
    return x;
  }
}

/** Several tensors in, and several out, in arrays and objects. */
class Pairs extends Module {
  readonly mix = new Steps();
  forward(xs: readonly Tensor[], scale: number): { sums: Tensor[]; both: Tensor } {
    const sums = xs.map((x) => softmax(this.mix.call(x).mul(scale), 1));
    return { sums, both: concat(sums, 0) };
  }
}

describe("call", () => {
  test("frees what forward made, but for its result; the input stays the caller's", () => {
    using x = image([1, 2, 8, 8]);
    const before = buffers();
    const y = noGrad(() => new Steps().call(x));
    expect(buffers()).toBe(before + 1);
    expect([x.disposed, y.disposed]).toEqual([false, false]);
    y.dispose();
    expect(buffers()).toBe(before);
  });

  test("a forward that returns its input, or a tensor from elsewhere, gives it back alive", async () => {
    using x = image([3]);
    const y = tidy(() => new Same().call(x));
    expect(y).toBe(x);
    expect(x.disposed).toBe(false);
    expect(await y.data()).toHaveLength(3);
    using elsewhere = image([2]);
    class Constant extends Layer {
      forward(_x: Tensor): Tensor {
        return elsewhere;
      }
    }
    expect(new Constant().call(x)).toBe(elsewhere);
    expect(elsewhere.disposed).toBe(false);
  });

  test("takes and gives what forward does: numbers, arrays of tensors, plain objects; types follow", () => {
    using x = image([1, 2, 4, 4]);
    const before = buffers();
    const { sums, both } = noGrad(() => new Pairs().call([x, x], 2));
    expect(buffers()).toBe(before + 3);
    expect(both.shape).toEqual([2, 8, 4, 4]);
    for (const t of [...sums, both]) t.dispose();
    expect(buffers()).toBe(before);
    // @ts-expect-error: forward takes a number
    const refused = (): unknown => new Pairs().call([x], "two");
    expect(refused).toBeTypeOf("function");
  });

  test("a tensor that forward keeps outlives it", () => {
    class Tap extends Layer {
      seen: Tensor | undefined;
      forward(x: Tensor): Tensor {
        this.seen = keep(softmax(x, 0));
        return concat([x, this.seen]);
      }
    }
    using x = image([4]);
    const tap = new Tap();
    tidy(() => tap.call(x)).dispose();
    expect(tap.seen!.disposed).toBe(false);
    tap.seen!.dispose();
  });

  test("shape-only tensors go the same way", () => {
    const made: Tensor[] = [];
    class Watched extends Layer {
      forward(x: Tensor): Tensor {
        made.push(relu(x));
        return add(made[0], 1);
      }
    }
    const x = Tensor.meta([2, 3]);
    const y = new Watched().call(x);
    expect([x.disposed, made[0].disposed, y.disposed]).toEqual([false, true, false]);
    expect(y.shape).toEqual([2, 3]);
  });
});

class Branches extends Layer {
  readonly inputBlock = new Sequential(new Sequential(new Conv2d(3, 4, 3), new ReLU()), new BatchNorm2d(4));
  readonly branches = [new Conv2d(4, 2, 1), new Conv2d(5, 2, 1)];
  forward(x: Tensor): Tensor {
    const y = this.inputBlock.call(x);
    return this.branches.map((b) => b.call(y)).reduce((a, b) => a.add(b));
  }
}

class Outer extends Module {
  readonly net = new Branches();
  readonly #secret = new Linear(4, 1);
  forward(x: Tensor, secretly = false): Tensor {
    return secretly ? this.#secret.call(x) : this.net.call(x);
  }
}

const thrown = (work: () => unknown): FiducialError => {
  try {
    work();
  } catch (error) {
    if (error instanceof FiducialError) return error;
  }
  throw new ConfigError("work", "nothing of the library's was thrown");
};

describe("an error names the module", () => {
  test("by the fields that lead to it from the outermost call, once", () => {
    const error = thrown(() => new Outer().call(Tensor.meta([1, 3, 8, 8])));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.code).toBe("shape");
    expect(error.module).toBe("Outer.net.branches.1");
    expect(error.message).toMatch(/^Outer\.net\.branches\.1: conv2d: x has C=4/);
    expect(error.stack?.split("Outer.net.branches.1: ").length).toBe(2);
    const inside = thrown(() => new Branches().call(Tensor.meta([1, 2, 8, 8])));
    expect(inside.message).toMatch(/^Branches\.inputBlock\.0\.0: conv2d: /);
  });

  test("by its class where no field of the caller leads to it", () => {
    const error = thrown(() => new Outer().call(Tensor.meta([1, 3]), true));
    expect(error.message).toMatch(/^Outer > Linear: x is \[1, 3\]/);
  });

  test("without saying a class twice, and the next call starts anew", () => {
    const error = thrown(() => new Linear(4, 1).call(Tensor.meta([1, 3])));
    expect(error.message).toMatch(/^Linear: x is \[1, 3\]/);
    expect(error.module).toBe("Linear");
    expect(thrown(() => new Linear(4, 1).forward(Tensor.meta([1, 3]))).module).toBeUndefined();
  });

  test("but not where the device failed: that may have come about long before", async () => {
    const other = await openDevice({ adapter: globalThis.process?.env?.FIDUCIAL_ADAPTER as "system" | undefined });
    const x = new Rng(1).normal(other, [1, 2, 4, 4]);
    other.destroy();
    const error = thrown(() => new Steps().call(x));
    expect(error).toBeInstanceOf(DeviceLostError);
    expect(error.module).toBeUndefined();
    expect(error.message).toMatch(/^the device /);
  });
});

describe("observers", () => {
  const told = (work: () => unknown): string[] => {
    const lines: string[] = [];
    const shapes = (list: readonly Tensor[]): string => list.map((t) => `[${t.shape}]`).join(" ");
    const stop = observeCalls({
      enter: (call) => {
        lines.push(`> ${call.path}${call.fusedWith ? ` in ${call.fusedWith.path}` : ""} ${shapes(call.inputs)}`);
      },
      op: ({ op }, call) => {
        lines.push(`${op} in ${call?.path}`);
      },
      leave: (call, outputs) => {
        lines.push(`< ${call.path} ${shapes(outputs)}`);
      },
    });
    work();
    stop();
    const { length } = lines;
    work();
    expect(lines, "told after the end").toHaveLength(length);
    return lines;
  };

  test("hear of every call in order, with shapes, and of the ops within; what is fused says so", () => {
    class Net extends Layer {
      readonly body = new Sequential(new Sequential(new Conv2d(1, 2, 1), new ReLU()), new BatchNorm2d(2));
      forward(x: Tensor): Tensor {
        return this.body.call(x).mul(2);
      }
    }
    const net = new Net();
    expect(told(() => net.call(Tensor.meta([1, 1, 2, 2])))).toEqual([
      "> Net [1,1,2,2]",
      "> Net.body [1,1,2,2]",
      "> Net.body.0 [1,1,2,2]",
      "> Net.body.0.0 [1,1,2,2]",
      "conv2d in Net.body.0.0",
      "< Net.body.0.0 [1,2,2,2]",
      "> Net.body.0.1 in Net.body.0.0 [1,2,2,2]",
      "< Net.body.0.1 [1,2,2,2]",
      "< Net.body.0 [1,2,2,2]",
      "> Net.body.1 [1,2,2,2]",
      "batchNorm in Net.body.1",
      "< Net.body.1 [1,2,2,2]",
      "< Net.body [1,2,2,2]",
      "mul in Net",
      "< Net [1,2,2,2]",
    ]);
  });

  test("are left in order by an error", () => {
    const net = new Branches();
    expect(told(() => thrown(() => net.call(Tensor.meta([1, 2, 8, 8])))).at(-1)).toMatch(/^> Branches.inputBlock.0.0/);
    expect(told(() => new ReLU().call(Tensor.meta([2])))).toEqual(["> ReLU [2]", "relu in ReLU", "< ReLU [2]"]);
  });

  test("hear of several inputs and outputs", () => {
    const [first] = told(() => new Pairs().call([Tensor.meta([1, 2]), Tensor.meta([3, 2])], 1));
    expect(first).toBe("> Pairs [1,2] [3,2]");
  });
});
