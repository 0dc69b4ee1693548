import { keep, Tensor } from "../tensor/index.ts";

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
      signature += JSON.stringify(value) ?? "undefined";
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

/** Takes tensors out of all scopes, so that they live until `freeInputs`. */
export const keepInputs = (tensors: readonly Tensor[]): void => {
  for (const t of tensors) keep(t);
};

export const freeInputs = (tensors: readonly Tensor[]): void => {
  for (const t of tensors) t.dispose();
};
