import type { Tensor } from "../../../src/tensor/index.ts";
import type { Reference } from "./ref.ts";
import type { SampleTable } from "./sample.ts";
import type { ToleranceRule } from "./tolerance.ts";

/** What a test file of an op exports as `op`: all that the tests, parity files and browsers need to prove it. */
export interface OpTest {
  /** The op's name in parity files and in the seeds of its samples: the file's name with _ for -. */
  readonly name: string;
  /** The exported function's name where it is not `name` in camelCase: what users write, and errors say. */
  readonly exported?: string;
  /** Runs the op on a sample's inputs. */
  // biome-ignore lint/suspicious/noExplicitAny: attributes come from files and are checked by the ops themselves
  call(inputs: Tensor[], attrs: any): Tensor;
  /** Value and gradients in float64, from the definition of the op and not from its kernel. */
  readonly reference: Reference;
  readonly samples: SampleTable;
  /** It makes tensors on the device of its sample's input, which must have one: wrong calls are refused before that is asked for. */
  readonly creates?: true;
  /** How far float32 may lie from float64, with the reason (tolerance.ts). */
  readonly tolerance: ToleranceRule;
}

/** Where an op that `creates` makes its tensors. */
export const deviceOf = (x: Tensor): Tensor["device"] => (x.isMeta ? (undefined as never) : x.device);

/** The function that users call: here alone the names of parity files and of the package meet. */
export const functionOf = ({ name, exported }: OpTest): string =>
  exported ?? name.replace(/_(\w)/g, (_, c: string) => c.toUpperCase());
