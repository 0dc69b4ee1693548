import { DTypeError } from "../../../errors.ts";
import type { DType } from "../../storage.ts";
import type { Tensor } from "../../tensor.ts";

/** Throws DTypeError unless the argument called `name` has one of `dtypes`. @internal */
export const expectDType = (op: string, name: string, t: Tensor, ...dtypes: readonly DType[]): void => {
  if (!dtypes.includes(t.dtype))
    throw new DTypeError(
      `${op}: ${name} is ${t.dtype}; it must be ${dtypes.join(" or ")}: use cast(${name}, "${dtypes[0]}")`,
    );
};
