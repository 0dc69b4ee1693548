import { ConfigError } from "../../../errors.ts";
import type { KeysOf } from "../../../options.ts";
import type { Shape } from "../../shape.ts";
import { eachAxis } from "../common/axes.ts";
import { checkImage, checkLine, checkVolume } from "../pool/window.ts";

/** How large a resampling's result is: give one of the two. @typeParam Size a number for all axes, or one for each. */
export interface ResampleOptions<Size extends number | readonly number[]> {
  /** Sizes of the result behind [N, C]. */
  readonly size?: Size;
  /** Or factors of the sizes of x; products are rounded down. Only the sizes count then: values lie as for `size`. */
  readonly scaleFactor?: Size;
}

/** Whether the corner entries keep their places (source = target * (in - 1) / (out - 1)), or the edges do. */
export interface AlignOptions {
  readonly alignCorners?: boolean;
}
/** @internal */
export const resampleKeys: KeysOf<ResampleOptions<number>> = { size: 1, scaleFactor: 1 };
/** @internal */
export const alignedResampleKeys: KeysOf<ResampleOptions<number> & AlignOptions> = { ...resampleKeys, alignCorners: 1 };

/** Throws ConfigError unless one of the two is given. @internal */
export function checkOneSize(op: string, { size, scaleFactor }: ResampleOptions<number | readonly number[]>): void {
  if ((size === undefined) === (scaleFactor === undefined))
    throw new ConfigError("scaleFactor", `${op}: give either size or scaleFactor`);
}

/**
 * The sizes behind [N, C] that are asked for. Throws ConfigError where both or none are given, or no sizes; ShapeError where
 * factors meet an x of another rank. @internal
 */
export function targetSize(
  op: string,
  x: Shape,
  axes: number,
  options: ResampleOptions<number | readonly number[]>,
): readonly number[] {
  checkOneSize(op, options);
  const { size, scaleFactor: factor } = options;
  if (size !== undefined) return eachAxis(op, "size", size, axes, 1);
  [checkLine, checkImage, checkVolume][axes - 1](op, x);
  const given = x.slice(2);
  const list = given.map((n, i) => Math.floor(n * (typeof factor === "number" ? factor : (factor?.[i] ?? Number.NaN))));
  if (
    (typeof factor === "object" && factor.length !== axes) ||
    !list.every((n, i) => n >= 1 || (n === 0 && given[i] === 0))
  )
    throw new ConfigError(
      "scaleFactor",
      `${op}: scaleFactor is ${JSON.stringify(factor)}, which makes [${list.join(", ")}] of [${given.join(", ")}]; give a factor, or ${axes} of them, that leave sizes of 1 or more`,
    );
  return list;
}
