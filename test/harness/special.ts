/**
 * Elementwise ops at special numbers (0, -0, subnormals, the largest, infinities, NaN) beside PyTorch's values and gradients,
 * which scripts/golden/special.py recorded. Each way in which an op of two tensors runs is tried: equal shapes, broadcasting,
 * a number in place of either tensor.
 */
import { readFileSync } from "node:fs";
import type { Device } from "../../src/device/index.ts";
import * as T from "../../src/tensor/index.ts";
import { functionOf } from "../ops/common/op-test.ts";
import { adapterClass, flushed } from "../ops/common/tolerance.ts";
import { ops } from "../ops/index.ts";

export interface SpecialCase {
  readonly op: string;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly inputs: readonly Float32Array[];
  readonly out: Float32Array;
  /** One for each input; null where it is a constant to the op. */
  readonly grads: readonly (Float32Array | null)[];
}

/** Where an adapter has another number than PyTorch. */
export interface Difference {
  /** "value", or "gradient" with the number of the input; then the way the op ran, where it is not the plain one. */
  readonly what: string;
  readonly at: readonly number[];
  readonly got: number;
  readonly want: number;
  /**
   * An input is subnormal, or the result so small that a factor of it may be (below 128 times the smallest normal number):
   * adapters may take such numbers for 0.
   */
  readonly subnormal: boolean;
}

const floats = (text: string): Float32Array => {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return new Float32Array(bytes.buffer);
};

/** The recorded cases; `file` is one that scripts/golden/special.py wrote. */
export function specialCases(file = new URL("../golden/special.json", import.meta.url)): SpecialCase[] {
  const { inputs, cases } = JSON.parse(readFileSync(file, "utf8"));
  return cases.map((c: { op: string; attrs: object; in: string[]; out: string; grad: (string | null)[] }) => ({
    op: c.op,
    attrs: c.attrs,
    inputs: c.in.map((name) => floats(inputs[name])),
    out: floats(c.out),
    grads: c.grad.map((g) => (g === null ? null : floats(g))),
  }));
}

/** Differences that stay, each with its reason. */
export const known: readonly { readonly op: string; readonly why: string; readonly is: (d: Difference) => boolean }[] =
  [
    {
      op: "sign",
      why: "PyTorch's sign(NaN) is 0; here NaN stays NaN, as in numpy and JAX",
      is: ({ what, at }) => what === "value" && Number.isNaN(at[0]),
    },
    {
      op: "expm1",
      why: "PyTorch's y + 1 has no digits left far below 0; here they are all there",
      is: ({ what, at, want }) => what === "gradient 0" && at[0] < -36 && want === 0,
    },
    {
      op: "tanh",
      why: "PyTorch's 1 - y^2 has no digits left far out; here they are all there",
      is: ({ what, at, want }) => what === "gradient 0" && Math.abs(at[0]) > 9 && want === 0,
    },
  ];

const isSubnormal = (v: number): boolean => v !== 0 && flushed(v) === 0;
const isSmall = (v: number): boolean => isSubnormal(v / 128);

/** Ops of two that take a number for the first tensor, and those that take one for the second. */
const numberFirst = ["add", "sub", "mul", "div", "pow", "maximum", "minimum"];
const numberSecond = [...numberFirst, "eq", "ne", "lt", "le", "gt", "ge"];

const functions: Readonly<Record<string, unknown>> = { ...T };
type Function2 = (a: T.Tensor | number, b: T.Tensor | number) => T.Tensor;

/** A call on some of the inputs: their data, shapes and numbers among the case's inputs, and the places of the results. */
interface Call {
  readonly inputs: readonly {
    readonly data: Float32Array;
    readonly shape: readonly number[];
    readonly input: number;
  }[];
  readonly run: (xs: T.Tensor[]) => T.Tensor;
  readonly places: readonly number[];
}

/** The calls that show one way of running a case; their results are read together. */
function* waysOf(c: SpecialCase): Generator<{ how: string; calls: Call[]; gradients: boolean }> {
  const all = [...c.out.keys()];
  const run = (xs: T.Tensor[]) => ops[c.op].call(xs, { ...c.attrs });
  const whole = c.inputs.map((data, input) => ({ data, shape: [all.length], input }));
  yield { how: "", calls: [{ inputs: whole, run, places: all }], gradients: true };
  if (c.inputs.length !== 2) return;
  const n = Math.sqrt(all.length); // all pairs of a line: the first changes slowly, the second quickly
  const line = c.inputs[1].slice(0, n);
  const side = (input: number, shape: readonly number[]) => ({ data: line, shape, input });
  yield {
    how: " (broadcast)",
    calls: [{ inputs: [side(0, [n, 1]), side(1, [1, n])], run, places: all }],
    gradients: false, // they are sums
  };
  const two = functions[functionOf(ops[c.op])] as Function2;
  const each = (call: (v: number) => Call["run"], input: number, places: (k: number) => number[]): Call[] =>
    [...line].map((v, k) => ({ inputs: [side(input, [n])], run: call(v), places: places(k) }));
  if (numberSecond.includes(c.op)) {
    const calls = each(
      (v) =>
        ([x]) =>
          two(x, v),
      0,
      (k) => all.filter((i) => i % n === k),
    );
    yield { how: " (number second)", calls, gradients: true };
  }
  if (numberFirst.includes(c.op)) {
    const calls = each(
      (v) =>
        ([x]) =>
          two(v, x),
      1,
      (k) => all.filter((i) => Math.floor(i / n) === k),
    );
    yield { how: " (number first)", calls, gradients: true };
  }
}

/** Values, and gradients by the number of the input, of calls one after the other. */
async function resultsOf(device: Device, c: SpecialCase, calls: readonly Call[], gradients: boolean) {
  const wanted = calls[0].inputs.map(({ input }) => input).filter((i) => gradients && c.grads[i]);
  const tensors = T.tidy(() => {
    const parts: T.Tensor[][] = [[], ...wanted.map(() => [])];
    for (const { inputs, run } of calls) {
      const xs = inputs.map(({ data, shape, input }) => {
        const x = T.tensor(device, data, shape);
        return wanted.includes(input) ? x.requireGrad() : x;
      });
      const y = run(xs);
      if (wanted.length > 0) y.sum().backward();
      parts[0].push(y.detach().reshape([-1]));
      wanted.forEach((input, k) => {
        parts[k + 1].push(xs[inputs.findIndex((x) => x.input === input)].grad!.detach());
      });
    }
    return parts.map((p) => T.concat(p));
  });
  const data: Float32Array[] = [];
  for (const t of tensors) {
    data.push(await t.data());
    t.dispose();
  }
  return { value: data[0], grads: wanted.map((input, k) => ({ input, data: data[k + 1] })) };
}

/** Every difference between the device and a case, known ones among them. */
export async function specialDifferences(device: Device, c: SpecialCase): Promise<Difference[]> {
  const out: Difference[] = [];
  const part = adapterClass(device.info).swiftshader ? 5e-5 : 1e-5; // of the value, as for all transcendentals (tolerance.ts)
  for (const { how, calls, gradients } of waysOf(c)) {
    const places = calls.flatMap((call) => call.places);
    const compare = (what: string, got: Float32Array, want: Float32Array): void => {
      places.forEach((place, i) => {
        const [g, w] = [flushed(got[i]), flushed(want[place])];
        if (g === w || Object.is(g, w) || Math.abs(g - w) <= part * Math.abs(w)) return;
        const at = c.inputs.map((x) => x[place]);
        const subnormal = at.some(isSubnormal) || isSmall(g) || isSmall(w);
        out.push({ what: what + how, at, got: got[i], want: want[place], subnormal });
      });
    };
    const { value, grads } = await resultsOf(device, c, calls, gradients);
    compare("value", value, c.out);
    for (const { input, data } of grads) compare(`gradient ${input}`, data, c.grads[input]!);
  }
  return out;
}

/** Whether nobody expects it: neither subnormal nor known. */
export const isUnexpected = (op: string, d: Difference): boolean =>
  !d.subnormal && !known.some((k) => k.op === op && k.is(d));
