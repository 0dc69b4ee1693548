import type { Binding } from "../../device/index.ts";

/** A batch norm by fixed statistics, all of them [channels]; without `affine` it neither scales nor shifts. */
export interface ChannelNorm {
  readonly mean: Binding;
  readonly variance: Binding;
  readonly affine?: { readonly gamma: Binding; readonly beta: Binding };
  readonly eps: number;
}

/** What the sums of an output channel become before they are stored: the norm first, then the text of `act`. */
export interface ChannelEnd {
  readonly norm?: ChannelNorm;
  readonly act?: string;
}

/**
 * What wgsl/lib/channel_end.wgsl wants for it: statistics, weight and bias of the norm are bound as they lie in memory, so that no
 * kernel has to run before. `other` is bound where nothing is read.
 */
export function endOf({ norm, act }: ChannelEnd, other: Binding) {
  return {
    bound: {
      mean: norm?.mean ?? other,
      variance: norm?.variance ?? other,
      gamma: norm?.affine?.gamma ?? other,
      beta: norm?.affine?.beta ?? other,
    },
    overrides: norm && { NORM: norm.affine ? 2 : 1, EPS: norm.eps },
    exprs: act === undefined ? undefined : { act },
  };
}
