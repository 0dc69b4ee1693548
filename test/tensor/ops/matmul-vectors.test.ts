/** Products with vectors, by torch.matmul's rules. */
import { describe, expect, test } from "vitest";
import { ShapeError } from "../../../src/errors.ts";
import { matmul, Rng, Tensor } from "../../../src/tensor/index.ts";
import { testDevice } from "../../harness/device.ts";

const device = await testDevice();

/** Two shapes, options, the shapes as matrices, and the shape of the product. */
const cases: [number[], number[], object, number[], number[], number[]][] = [
  [[5], [5], {}, [1, 5], [5, 1], []],
  [[5], [5, 3], {}, [1, 5], [5, 3], [3]],
  [[4, 5], [5], {}, [4, 5], [5, 1], [4]],
  [[5], [2, 5, 3], {}, [1, 5], [2, 5, 3], [2, 3]],
  [[2, 4, 5], [5], {}, [2, 4, 5], [5, 1], [2, 4]],
  [[1], [1, 3], {}, [1, 1], [1, 3], [3]],
  [[5], [3, 5], { transposeB: true }, [1, 5], [3, 5], [3]],
  [[5, 4], [5], { transposeA: true }, [5, 4], [5, 1], [4]],
  [[0], [0, 3], {}, [1, 0], [0, 3], [3]],
];

describe("matmul with vectors", () => {
  test.each(cases)("%j x %j %j", async (a, b, options, asA, asB, shape) => {
    const [x, w] = [a, b].map((s, i) => new Rng(i).normal(device, s).requireGrad());
    const y = matmul(x, w, options);
    expect(y.shape).toEqual(shape);
    const g = new Rng(3).normal(device, shape);
    y.backward(g);
    const [x2, w2] = [x.detach().reshape(asA).requireGrad(), w.detach().reshape(asB).requireGrad()];
    const z = matmul(x2, w2, options);
    z.backward(g.reshape(z.shape));
    expect(await y.data()).toEqual(await z.data());
    expect(x.grad!.shape).toEqual(a);
    expect(await x.grad!.data()).toEqual(await x2.grad!.data());
    expect(await w.grad!.data()).toEqual(await w2.grad!.data());
  });

  test("refuses lengths that differ, and scalars", () => {
    expect(() => matmul(Tensor.meta([3]), Tensor.meta([4, 5]))).toThrow(ShapeError);
    expect(() => matmul(Tensor.meta([3]), Tensor.meta([4, 5]))).toThrow(
      "matmul: x has K=3 in [3] but w has K=4 in [4, 5]; make them equal",
    );
    expect(() => matmul(Tensor.meta([]), Tensor.meta([4]))).toThrow("must each have a dimension or more");
  });
});
