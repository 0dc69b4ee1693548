import { ShapeError } from "../../errors.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import { add, matmul, reshape, show, type Tensor } from "../../tensor/index.ts";
import { biasFor, kaimingUniform } from "../init.ts";
import { Layer } from "../module.ts";
import { Parameter } from "../slots.ts";

const linearKeys: KeysOf<{ readonly bias?: boolean }> = { bias: 1 };

/** x [.., inFeatures] times the transposed weight, plus bias: [.., outFeatures]; PyTorch's default initialization. */
export class Linear extends Layer {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  constructor(inFeatures: number, outFeatures: number, options: { readonly bias?: boolean } = {}) {
    super();
    const { bias = true } = checkOptions("Linear", options, linearKeys);
    const shape = [outFeatures, inFeatures];
    this.weight = new Parameter(shape, kaimingUniform({ slope: Math.sqrt(5) }));
    this.bias = bias ? new Parameter([outFeatures], biasFor(shape)) : undefined;
  }

  forward(x: Tensor): Tensor {
    const [out, inputs] = this.weight.shape;
    if (x.shape.at(-1) !== inputs)
      throw new ShapeError(
        `Linear: x is ${show(x.shape)}; its last dimension must be inFeatures=${inputs} of the weight ${show(this.weight.shape)}`,
      );
    const rows = x.rank === 2 ? x : reshape(x, [x.size / inputs, inputs]);
    const product = matmul(rows, this.weight.value, { transposeB: true });
    const y = this.bias ? add(product, this.bias.value) : product;
    return x.rank === 2 ? y : reshape(y, [...x.shape.slice(0, -1), out]);
  }
}
