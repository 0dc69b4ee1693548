import { CheckpointError } from "../../errors.ts";
import type { HostTensor, StateSource } from "../../nn/index.ts";
import { sizeOf } from "../../tensor/index.ts";
import type { Encoder } from "./encoder.ts";

/**
 * A checkpoint of an encoder for images of three channels, for `encoder` and its number of channels: `model.load(device,
 * fitInputChannels(state, encoder))`. One channel takes the sum of the three; C others take them in turn, times 3 / C, so that
 * the features keep their size (segmentation_models.pytorch's rule). Everything but the first convolution's weight stays.
 * Throws CheckpointError where that weight is not there or not one of three channels.
 */
export function fitInputChannels(state: StateSource, encoder: Encoder): Map<string, HostTensor> {
  const tensors = new Map<string, HostTensor>("tensors" in state ? state.tensors : state);
  const name = encoder.inputWeight;
  const weight = tensors.get(name);
  const wanted = [...encoder.namedParameters()].find(([n]) => n === name)?.[1].value.shape[1] ?? 3;
  if (!weight || weight.shape.length !== 4 || weight.shape[1] !== 3 || weight.dtype !== "F32")
    throw new CheckpointError(
      `fitInputChannels: ${name} is ${weight ? `${weight.dtype} [${weight.shape.join(", ")}]` : "missing"}; give a checkpoint of this encoder for three channels, in float32`,
    );
  if (wanted === 3) return tensors;
  const [out, , ...kernel] = weight.shape;
  const area = sizeOf(kernel);
  const from = weight.data as ArrayLike<number>;
  const data = new Float32Array(out * wanted * area);
  for (let o = 0; o < out; o++)
    for (let c = 0; c < wanted; c++)
      for (let i = 0; i < area; i++) {
        const at = (channel: number): number => from[(o * 3 + channel) * area + i];
        data[(o * wanted + c) * area + i] = wanted === 1 ? at(0) + at(1) + at(2) : (at(c % 3) * 3) / wanted;
      }
  return tensors.set(name, { dtype: "F32", shape: [out, wanted, ...kernel], data });
}
