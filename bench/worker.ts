/**
 * A participant in a process of its own, told by messages what to do: prepare a workload, give its results, run it for a round,
 * let it go. Processes keep libraries that each want to own the GPU and the globals apart.
 */
import { Bench } from "tinybench";
import type { Participant, Prepared, Workload } from "./workloads.ts";

export type Order =
  | { readonly type: "prepare"; readonly workload: Workload }
  | { readonly type: "results" }
  | { readonly type: "round" }
  | { readonly type: "dispose" };
export type Answer =
  | { readonly type: "ready"; readonly mode: string; readonly adapter: string }
  | { readonly type: "prepared"; readonly able: boolean }
  | { readonly type: "results"; readonly results: Record<string, Float32Array>; readonly variants: readonly string[] }
  | { readonly type: "round"; readonly ms: number }
  | { readonly type: "disposed" }
  | { readonly type: "error"; readonly message: string };

/** A round runs at least this long and twice, and gives the median of its runs. */
const roundMs = 150;

const modules: Record<string, string> = {
  fiducial: "./fiducial.ts",
  "jax-js": "./peers/jax.ts",
  tfjs: "./peers/tfjs.ts",
  onnxruntime: "./peers/onnxruntime.ts",
};

const say = (answer: Answer): void => {
  process.send?.(answer);
};
/** Entries at places spread over an array: enough to tell a wrong result, little to send. */
const spread = (v: Float32Array): Float32Array => {
  const most = 20_000;
  return v.length <= most ? v : Float32Array.from({ length: most }, (_, i) => v[Math.floor((i * v.length) / most)]);
};

const { participant } = (await import(modules[process.argv[2]])) as { participant: Participant };
let prepared: Prepared | undefined;

async function obey(order: Order): Promise<Answer> {
  if (order.type === "prepare") {
    prepared = await participant.prepare(order.workload);
    return { type: "prepared", able: prepared !== undefined };
  }
  if (order.type === "dispose" || !prepared) {
    prepared?.dispose();
    prepared = undefined;
    return { type: "disposed" };
  }
  if (order.type === "results") {
    const results = await prepared.results();
    const variants = prepared.variants?.() ?? [];
    return {
      type: "results",
      variants,
      results: Object.fromEntries(Object.entries(results).map(([k, v]) => [k, spread(v)])),
    };
  }
  await prepared.run(); // others ran since: memory and threads are cold
  const bench = new Bench({ iterations: 2, time: roundMs, warmup: false, retainSamples: true });
  bench.add("round", prepared.run);
  await bench.run();
  const samples = [...(bench.tasks[0].result as unknown as { latency: { samples: number[] } }).latency.samples];
  return { type: "round", ms: samples.sort((a, b) => a - b)[samples.length >> 1] };
}

process.on("message", (order: Order) => {
  obey(order).then(say, (error: Error) => say({ type: "error", message: String(error?.message ?? error) }));
});
process.on("disconnect", () => process.exit(0));
say({ type: "ready", mode: participant.mode, adapter: participant.adapter });
