import { ShapeError } from "../../errors.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import { reshape, show, sizeOf, type Tensor } from "../../tensor/index.ts";
import { Layer } from "../module.ts";

export interface FlattenOptions {
  /** First of the dimensions that become one; negative ones count from the end. Default 1, so that N stays. */
  readonly startDim?: number | undefined;
  /** Last of them. Default -1. */
  readonly endDim?: number | undefined;
}
const flattenKeys: KeysOf<FlattenOptions> = { startDim: 1, endDim: 1 };

/** Makes the dimensions from `startDim` to `endDim` one: [N, C, H, W] becomes [N, C * H * W]. Throws ShapeError where x has not these. */
export class Flatten extends Layer {
  readonly startDim: number;
  readonly endDim: number;

  constructor(options: FlattenOptions = {}) {
    super();
    const { startDim = 1, endDim = -1 } = checkOptions("Flatten", options, flattenKeys);
    this.startDim = startDim;
    this.endDim = endDim;
  }

  forward(x: Tensor): Tensor {
    const [start, end] = [this.startDim, this.endDim].map((d) => (d < 0 ? d + x.rank : d));
    if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end < x.rank))
      throw new ShapeError(
        `Flatten: x is ${show(x.shape)}; startDim ${this.startDim} and endDim ${this.endDim} are not two of its dimensions in order`,
      );
    return reshape(x, [...x.shape.slice(0, start), sizeOf(x.shape.slice(start, end + 1)), ...x.shape.slice(end + 1)]);
  }
}
