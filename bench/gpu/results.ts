import { writeFileSync } from "node:fs";
import type { KernelTime } from "../../src/device/index.ts";
import { device } from "../fiducial.ts";

/** One measured row: what PyTorch's twin and docs read. Milliseconds; `gpu_ms` by timestamps, null where there are none. */
export interface Row {
  readonly id: string;
  readonly pass: "fwd" | "fwdbwd";
  readonly gflop: number | null;
  readonly wall_ms: number | null;
  readonly gpu_ms: number | null;
  /** The slowest kernels. */
  readonly kernels: readonly KernelTime[];
  /** Variants that ran: "conv2d forward winograd". */
  readonly variants: readonly string[];
  readonly error?: string;
}

const median = (v: readonly number[]): number => [...v].sort((a, b) => a - b)[v.length >> 1];

const limits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
] as const;

/** Collects rows, writes them to a file after each, and prints them. */
export class Results {
  readonly rows: Row[] = [];
  readonly notes: Record<string, unknown> = {};
  readonly #file: string;
  readonly #seconds: number;

  constructor(file: string, seconds: number) {
    this.#file = file;
    this.#seconds = seconds;
    const { description, vendor, architecture, kind } = device.info;
    const subgroups = `subgroups ${device.facts.subgroupMin}..${device.facts.subgroupMax}`;
    console.log(`${description} (${vendor} ${architecture}, ${kind}); ${subgroups}; ${[...device.features].join(" ")}`);
    this.save();
  }

  save(): void {
    const shown = Object.fromEntries(limits.map((name) => [name, device.facts.limits[name]]));
    const { info, features } = device;
    const all = { adapter: info, features: [...features], limits: shown, rows: this.rows, notes: this.notes };
    writeFileSync(this.#file, `${JSON.stringify(all, null, 1)}\n`);
  }

  fail(id: string, pass: Row["pass"], error: unknown): void {
    const text = String(error instanceof Error ? (error.stack ?? error.message) : error).slice(0, 400);
    const nothing = { gflop: null, wall_ms: null, gpu_ms: null, kernels: [], variants: [] };
    this.rows.push({ id, pass, ...nothing, error: text });
    console.log(`${id} ${pass}: ${text}`);
    this.save();
  }

  /** Times `run`, which waits for the device: the median of the wall's clock, and once the GPU's own. */
  async time(row: Pick<Row, "id" | "pass" | "gflop" | "variants">, run: () => Promise<void>): Promise<void> {
    for (let i = 0; i < 3; i++) await run();
    const times: number[] = [];
    const until = performance.now() + 1000 * this.#seconds;
    while (times.length < 5 || (performance.now() < until && times.length < 60)) {
      const from = performance.now();
      await run();
      times.push(performance.now() - from);
    }
    let kernels: KernelTime[] = [];
    let gpu: number | null = null;
    if (device.features.has("timestamp-query")) {
      await device.profile(run); // the first one compiles what stamps
      kernels = await device.profile(run);
      gpu = kernels.reduce((sum, k) => sum + k.ms, 0);
    }
    const wall = median(times);
    this.rows.push({ ...row, wall_ms: wall, gpu_ms: gpu, kernels: kernels.slice(0, 12) });
    const rate = row.gflop ? `, ${(row.gflop / (gpu || wall)).toFixed(2)} TFLOP/s` : "";
    const on = gpu === null ? "" : `, GPU ${gpu.toFixed(3)} ms`;
    console.log(`${row.id} ${row.pass}: ${wall.toFixed(3)} ms${on}${rate} ${row.variants.join(", ")}`);
    this.save();
  }
}
