/**
 * Replays a parity file (docs/parity.md) on the GPU: npm run parity -- FILE [--json OUT] [--adapter system|embedded]
 * [--op NAME] [--variant KERNEL=NAME ...], where a variant is insisted on wherever it can run; in how many cases it did is said.
 * Prints each op's number of cases and its worst error in parts of what is allowed, then the failures. Exit code 1 when a
 * case failed, 2 for bad usage.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Device, openDevice } from "../src/device/index.ts";
import { conv2dVariants } from "../src/kernels/conv/conv2d-variants.ts";
import { conv3dVariants } from "../src/kernels/conv/conv3d.ts";
import { matmulVariants } from "../src/kernels/matmul/matmul-variants.ts";
import { type Tensor, tensor, tidy } from "../src/tensor/index.ts";
import { type GoldenCase, goldenCases } from "../test/harness/golden.ts";
import type { Ref } from "../test/ops/common/ref.ts";
import { adapterClass, compare, tolerance } from "../test/ops/common/tolerance.ts";
import { ops } from "../test/ops/index.ts";

interface Failure {
  id: string;
  op: string;
  attrs: unknown;
  /** "out", or "grad" and the number of the input; "error" where the op threw. */
  output: string;
  index: number;
  got: number | null;
  want: number | null;
  error?: string;
}

const onDevice = (device: Device, r: Ref): Tensor => tensor(device, Float32Array.from(r.data), r.shape);

/** Value and gradients of a case, read back from the device. */
async function replay(
  device: Device,
  c: GoldenCase,
): Promise<{ shape: readonly number[]; out: Float32Array; grads: (Float32Array | null)[] }> {
  const op = ops[c.op];
  if (!op) throw new RangeError(`no op ${c.op} below test/ops`);
  const [out, ...grads] = tidy(() => {
    const inputs = c.inputs.map((r, i) => (c.grads[i] ? onDevice(device, r).requireGrad() : onDevice(device, r)));
    const y = op.call(inputs, { ...c.attrs });
    if (c.grads.some((g) => g !== null)) y.backward(onDevice(device, c.gradOut));
    return [y.detach(), ...inputs.filter((_, i) => c.grads[i]).map((x) => x.grad!.detach())];
  });
  const shape = out.shape;
  const data: Float32Array[] = [];
  for (const t of [out, ...grads]) {
    data.push(await t.data());
    t.dispose();
  }
  const rest = data.slice(1);
  return { shape, out: data[0], grads: c.grads.map((g) => (g ? rest.shift()! : null)) };
}

/** Largest error of a case in parts of its tolerance, and where it is more than 1. */
async function check(device: Device, c: GoldenCase): Promise<{ worst: number; failure?: Failure }> {
  const fail = (output: string, rest: Partial<Failure>): Failure => ({
    id: c.id,
    op: c.op,
    attrs: c.attrs,
    output,
    index: 0,
    got: null,
    want: null,
    ...rest,
  });
  try {
    const { shape, out, grads } = await replay(device, c);
    if (`${shape}` !== `${c.out.shape}`)
      return { worst: Infinity, failure: fail("out", { error: `shape [${shape}], wanted [${c.out.shape}]` }) };
    let worst = 0;
    let failure: Failure | undefined;
    const judge = (output: string, got: Float32Array, want: Ref, which: Parameters<typeof tolerance>[4]) => {
      const result = compare(
        got,
        want.data,
        tolerance(ops[c.op], c.attrs, c.inputs, want, which, adapterClass(device.info)),
      );
      worst = Math.max(worst, result.worst);
      if (result.worst > 1)
        failure ??= fail(output, { index: result.index, got: got[result.index], want: want.data[result.index] });
    };
    judge("out", out, c.out, "forward");
    c.grads.forEach((want, i) => {
      if (want) judge(`grad${i}`, grads[i]!, want, { grad: i, gradOut: c.gradOut });
    });
    return { worst, failure };
  } catch (error) {
    return { worst: Infinity, failure: fail("error", { error: `${error}` }) };
  }
}

const options = {
  json: { type: "string" },
  adapter: { type: "string" },
  op: { type: "string" },
  variant: { type: "string", multiple: true },
} as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
/** Kernels that have variants, and their names. */
const variants: Readonly<Record<string, readonly string[]>> = {
  conv2d: conv2dVariants.map((v) => v.name),
  conv3d: conv3dVariants.map((v) => v.name),
  matmul: matmulVariants.map((v) => v.name),
};
const insisted = (values.variant ?? []).map((v) => v.split("="));
if (
  positionals.length !== 1 ||
  (values.adapter !== undefined && values.adapter !== "system" && values.adapter !== "embedded") ||
  insisted.some(([kernel, name]) => !variants[kernel]?.includes(name))
) {
  console.error(
    `usage: npm run parity -- FILE [--json OUT] [--adapter system|embedded] [--op NAME] [--variant KERNEL=NAME]\n` +
      `variants: ${Object.entries(variants)
        .map(([k, names]) => names.map((n) => `${k}=${n}`).join(" "))
        .join(" ")}`,
  );
  process.exit(2);
}

const cases = goldenCases(readFileSync(positionals[0])).filter((c) => values.op === undefined || c.op === values.op);
const device = await openDevice({ adapter: values.adapter });
console.error(`adapter: ${device.info.description || device.info.architecture} (${device.info.kind})`);

for (const [kernel, name] of insisted) device.variants.set(kernel, name);
/** Cases in which an insisted variant ran, by its name. */
const ran = new Map(insisted.map((v) => [v.join("="), new Set<string>()]));

const perOp: Record<string, { n: number; worst: number }> = {};
const failures: Failure[] = [];
let told = performance.now();
for (const [i, c] of cases.entries()) {
  if (performance.now() - told > 10_000) {
    told = performance.now();
    console.error(`${i} of ${cases.length} cases, ${failures.length} failed; at ${c.op}`);
  }
  if (ran.size > 0)
    device.tuner.observer = ({ name, variant }) => ran.get(`${name.split(" ")[0]}=${variant}`)?.add(c.id);
  const { worst, failure } = await check(device, c);
  perOp[c.op] ??= { n: 0, worst: 0 };
  perOp[c.op].n++;
  perOp[c.op].worst = Math.max(perOp[c.op].worst, worst);
  if (failure) failures.push(failure);
}

for (const [op, { n, worst }] of Object.entries(perOp))
  console.log(`${op.padEnd(22)} n ${`${n}`.padStart(4)}  worst ${worst.toFixed(3)}`);
for (const [name, ids] of ran) console.log(`${name} ran in ${ids.size} of ${cases.length} cases`);
for (const f of failures)
  console.log(
    `FAILED ${f.id} ${f.output}${f.error ? `: ${f.error}` : `[${f.index}]: got ${f.got}, want ${f.want}`}  ${JSON.stringify(f.attrs)}`,
  );
const passed = cases.length - failures.length;
if (values.json !== undefined) {
  // JSON has no infinity: an exact result that differs, or an op that threw, has no figure.
  const shown = Object.fromEntries(
    Object.entries(perOp).map(([op, { n, worst }]) => [op, { n, worst: Number.isFinite(worst) ? worst : null }]),
  );
  const report = { passed, failed: failures.length, per_op: shown, failures };
  writeFileSync(
    values.json,
    `${JSON.stringify({ format: "fiducial/parity@1", adapter: { name: device.info.description, hash: device.info.hash }, ...report }, null, 1)}\n`,
  );
}
device.destroy();
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 || cases.length === 0 ? 1 : 0;
