import { BatchNorm2d, Conv2d, ReLU, Sequential } from "../../nn/index.ts";
import { heUniform, initialized } from "./initialized.ts";

/** Convolution of the same size without bias, batch norm, ReLU: what decoders are made of. */
export const convReLU = (inputs: number, outputs: number, kernel: 1 | 3 = 3): Sequential =>
  new Sequential(
    initialized(new Conv2d(inputs, outputs, kernel, { padding: kernel >> 1, bias: false }), heUniform),
    new BatchNorm2d(outputs),
    new ReLU(),
  );
