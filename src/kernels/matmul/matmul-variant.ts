import type { Binding, Device } from "../../device/index.ts";
import type { Variant } from "../common/variants.ts";
import type { MatmulDims, MatmulLaunch } from "./matmul-dims.ts";

export interface MatmulIo {
  readonly x: Binding;
  readonly w: Binding;
  readonly y: Binding;
}

/** One product, or a stretch of it. */
export interface MatmulGiven {
  readonly io: MatmulIo;
  readonly d: MatmulLaunch;
  readonly batches: number;
}

/** One way to multiply matrices. It has one pass: the gradient of a product is two products. */
export interface MatmulVariant extends Variant<MatmulDims, "product"> {
  /** Whether each sum is cut in parts, which are added up afterwards. */
  splits(dims: MatmulDims): boolean;
  /** Records one product; with `add` on top of what y holds. */
  launch(device: Device, given: MatmulGiven, add: boolean): void;
}

/** The product of the transposes: rows become columns. */
const turned = (io: MatmulIo, d: MatmulLaunch): [MatmulIo, MatmulLaunch] => [
  { x: io.w, w: io.x, y: io.y },
  {
    ...d,
    ...{ m: d.n, n: d.m, yM: d.yN, yN: d.yM },
    ...{ xM: d.wN, xK: d.wK, wK: d.xK, wN: d.xM },
    ...{ xOffset: d.wOffset, wOffset: d.xOffset, batchX: d.batchW, batchW: d.batchX },
  },
];

/** For lanes that own columns, which should lie side by side in memory and be many: turned where the rows do so better. */
export const withManyColumns = ({ io, d }: MatmulGiven): [MatmulIo, MatmulLaunch] =>
  (d.n < 8 || (d.wN !== 1 && d.xM === 1)) && d.m >= 8 ? turned(io, d) : [io, d];
