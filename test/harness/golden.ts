/** Reads the parity files that scripts/golden/ops.py writes (docs/parity.md): safetensors, every tensor in float64. */
import { readSafetensors } from "../../src/io/safetensors/index.ts";
import type { Attrs, Ref } from "../ops/common/ref.ts";

export interface GoldenCase {
  readonly id: string;
  readonly op: string;
  readonly attrs: Attrs;
  readonly inputs: readonly Ref[];
  readonly out: Ref;
  readonly gradOut: Ref;
  /** One for each input; null where the input is a constant to the op. */
  readonly grads: readonly (Ref | null)[];
}

interface CaseEntry {
  id: string;
  op: string;
  attrs: Attrs;
  in: string[];
  out: string[];
  grad_out: string[];
  grad: (string | null)[];
}

/** The cases of a parity file, in its order. Throws ParseError, or TypeError where a case names what the file does not hold. */
export function goldenCases(bytes: Uint8Array): GoldenCase[] {
  const { tensors, metadata } = readSafetensors(bytes);
  const read = (name: string): Ref => {
    const found = tensors.get(name);
    if (!(found?.data instanceof Float64Array))
      throw new TypeError(`parity file: tensor ${name} is ${found?.dtype ?? "missing"}; it must be F64`);
    return { shape: found.shape, data: found.data };
  };
  if (metadata.cases === undefined)
    throw new TypeError("parity file: __metadata__.cases is missing; write the file with scripts/golden/ops.py");
  return (JSON.parse(metadata.cases) as CaseEntry[]).map((entry) => ({
    id: entry.id,
    op: entry.op,
    attrs: entry.attrs,
    inputs: entry.in.map(read),
    out: read(entry.out[0]),
    gradOut: read(entry.grad_out[0]),
    grads: entry.grad.map((name) => (name === null ? null : read(name))),
  }));
}
