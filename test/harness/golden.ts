/** Reads the parity files that scripts/golden/ops.py writes (docs/parity.md): safetensors, every tensor in float64. */
import type { Attrs, Ref } from "../reference/index.ts";

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

interface TensorEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** The cases of a parity file, in its order. Tensors are read when a case is reached, so that large files need little memory. */
export function* goldenCases(bytes: Uint8Array): Generator<GoldenCase> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes))) as Record<string, TensorEntry> & {
    __metadata__: { cases: string };
  };
  const read = (name: string): Ref => {
    const entry = header[name];
    if (entry?.dtype !== "F64") throw new TypeError(`parity file: ${name} is ${entry?.dtype ?? "missing"}, wanted F64`);
    const [begin, end] = entry.data_offsets;
    const start = 8 + headerBytes + begin;
    return { shape: entry.shape, data: new Float64Array(bytes.slice(start, start + end - begin).buffer) };
  };
  for (const entry of JSON.parse(header.__metadata__.cases) as CaseEntry[])
    yield {
      id: entry.id,
      op: entry.op,
      attrs: entry.attrs,
      inputs: entry.in.map(read),
      out: read(entry.out[0]),
      gradOut: read(entry.grad_out[0]),
      grads: entry.grad.map((name) => (name === null ? null : read(name))),
    };
}
