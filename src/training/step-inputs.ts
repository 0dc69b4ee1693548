import { keep, Tensor } from "../tensor/index.ts";
import { empty } from "../tensor/tensor.ts";

/** The tensors of an upload in order, and a text that is equal where the same step can run on other numbers. */
export interface Inputs {
  readonly tensors: readonly Tensor[];
  /** Structure, shapes, dtypes and plain values. */
  readonly signature: string;
}

/** Lists an upload's tensors; undefined where it holds something that is neither tensor nor plain data. */
export function inputsOf(uploads: readonly unknown[]): Inputs | undefined {
  const tensors: Tensor[] = [];
  let signature = "";
  const visit = (value: unknown): boolean => {
    if (value instanceof Tensor) {
      tensors.push(value);
      signature += `${value.dtype}[${value.shape}]`;
      return true;
    }
    if (typeof value !== "object" || value === null) {
      signature +=
        typeof value === "string"
          ? JSON.stringify(value)
          : `${typeof value} ${Object.is(value, -0) ? "-0" : String(value)}`;
      return typeof value !== "function" && typeof value !== "symbol";
    }
    if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return false;
    signature += Array.isArray(value) ? "[" : "{";
    for (const [key, v] of Object.entries(value)) {
      signature += `${key}:`;
      if (!visit(v)) return false;
      signature += ",";
    }
    signature += "}";
    return true;
  };
  return visit(uploads) ? { tensors, signature } : undefined;
}

/** Copies numbers into the tensors that a recorded step reads, on the device. */
export function copyInputs(from: readonly Tensor[], to: readonly Tensor[]): void {
  from.forEach((t, i) => {
    const source = t.binding("a step's input");
    t.device.copy(source, to[i].bindingForWrite("a recorded step's input"));
  });
}

/** Copies of an upload's tensors in memory of their own, and the upload with these in their places. */
export function ownInputs<T>(uploads: T, { tensors, signature }: Inputs): { uploads: T; inputs: Inputs } {
  const own = tensors.map((t) => keep(empty(t.device, t.shape, t.dtype, "a recorded step's input")));
  copyInputs(tensors, own);
  let at = 0;
  const replaced = (v: unknown): unknown => {
    if (v instanceof Tensor) return own[at++];
    if (Array.isArray(v)) return v.map(replaced);
    if (typeof v !== "object" || v === null) return v;
    return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, replaced(x)]));
  };
  return { uploads: replaced(uploads) as T, inputs: { tensors: own, signature } };
}

export const freeInputs = (tensors: readonly Tensor[]): void => {
  for (const t of tensors) t.dispose();
};
