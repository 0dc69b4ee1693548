import type { Random } from "../../../random.ts";
import type { Tensor } from "../../tensor.ts";

/**
 * Where a random mask comes from: a key; a stream that two words are drawn from as the key, so that each call, and each run
 * of a recorded step, gets another mask; or a function that gives the stream when it is needed.
 */
export type MaskSource = Random | (() => Random) | readonly [number, number];

/** The key of a mask over `x`; drawn anew, in place, at each run of a recorded step. */
export function maskKey(x: Tensor, source: MaskSource): readonly [number, number] {
  const key: [number, number] = [0, 0];
  const draw = (): void => {
    const from = typeof source === "function" ? source() : source;
    [key[0], key[1]] = "uint32" in from ? [from.uint32(), from.uint32()] : from;
  };
  if (x.isMeta) draw();
  else x.device.eachRun(draw);
  return key;
}
