import type { Binding, Device, Site, TunerChoice, TunerTable } from "../../device/index.ts";
import { floatsFromHalves, halvesFromFloats } from "../../half.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import { Random } from "../../random.ts";

export interface TuneOptions {
  /** Rounds in which the candidates take turns; default 5. */
  readonly rounds?: number;
  /** Measure again what the table already holds. */
  readonly again?: boolean;
  readonly onSite?: (report: {
    readonly done: number;
    readonly total: number;
    readonly name: string;
    readonly choice: TunerChoice;
    readonly byDefault: string;
  }) => void;
  readonly signal?: AbortSignal;
}
const tuneKeys: KeysOf<TuneOptions> = { rounds: 1, again: 1, onSite: 1, signal: 1 };

/** A candidate must beat the kernel's own choice by this much: smaller differences are the clock's. */
const margin = 0.95;
/** Time of one measurement at least, ms: shorter ones are repeated. */
const least = 4;

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1];

/** Largest difference beyond what rounding explains; NaN and infinite where the other is not counts as infinite. */
function excess(got: Float32Array, want: Float32Array, tolerance: number): number {
  let worst = 0;
  for (let i = 0; i < want.length; i++) {
    const d = Math.abs(got[i] - want[i]);
    if (!(d <= tolerance)) worst = Math.max(worst, Number.isNaN(d) ? Number.POSITIVE_INFINITY : d);
  }
  return worst;
}

async function measure(device: Device, site: Site, rounds: number): Promise<TunerChoice> {
  const { inputs, output, terms, half = false, reference, run } = site.trial();
  const random = new Random(1);
  const held: Binding[] = [];
  const lend = (floats: number): Binding => {
    const bytes = Math.ceil(((half ? 2 : 4) * Math.max(1, floats)) / 4) * 4;
    const binding = { buffer: device.pool.acquire(bytes, "tuning"), bytes, name: "tuning", half };
    held.push(binding);
    return binding;
  };
  try {
    const given = inputs.map((n) => {
      const b = lend(n);
      const numbers = Float32Array.from({ length: n }, () => random.uniform(-1, 1));
      device.write(b, half ? halvesFromFloats(numbers) : numbers);
      return b;
    });
    const out = lend(output);
    const nothing = half ? new Uint16Array(output).fill(0x7e00) : new Float32Array(output).fill(Number.NaN);
    const answer = async (variant: string): Promise<Float32Array> => {
      device.write(out, nothing);
      run(variant, given, out);
      const bytes = await device.read(out);
      return half ? floatsFromHalves(new Uint16Array(bytes, 0, output)) : new Float32Array(bytes);
    };
    const want = await answer(reference);
    // Both answers may be off by the rounding of their sums.
    const tolerance = (half ? 2e-3 : 2e-5) * Math.sqrt(Math.max(1, terms));
    const wrong: string[] = [];
    const candidates: string[] = [];
    for (const variant of site.able) {
      const right = variant === reference || excess(await answer(variant), want, tolerance) === 0;
      (right ? candidates : wrong).push(variant);
    }
    const once = async (variant: string, times: number): Promise<number> => {
      const start = performance.now();
      for (let i = 0; i < times; i++) run(variant, given, out);
      await device.sync();
      return (performance.now() - start) / times;
    };
    const repeat = new Map<string, number>();
    const times = new Map<string, number[]>();
    for (const v of candidates) repeat.set(v, Math.max(1, Math.min(50, Math.ceil(least / (await once(v, 1))))));
    for (let r = 0; r < rounds; r++)
      for (const v of candidates) {
        const list = times.get(v) ?? [];
        // What is several times slower twice over is not measured to the end.
        const best = Math.min(...[...times.values()].map((l) => Math.min(...l)));
        if (list.length > 1 && Math.min(...list) > 3 * best) continue;
        list.push(await once(v, repeat.get(v)!));
        times.set(v, list);
      }
    const ms = Object.fromEntries([...times].map(([v, list]) => [v, Math.round(median(list) * 1e4) / 1e4]));
    const own = candidates.includes(site.byDefault) ? site.byDefault : candidates[0];
    const fastest = candidates.reduce((a, b) => (ms[b] < ms[a] ? b : a));
    const variant = ms[fastest] < margin * ms[own] ? fastest : own;
    return { variant, ms, ...(wrong.length > 0 ? { wrong } : {}) };
  } finally {
    for (const b of held) device.pool.release(b.buffer);
  }
}

/**
 * Runs `work` (a training step, a prediction) once and measures every variant of each kernel it used, at its sizes, on this
 * adapter; `device.tuner` then holds the fastest. A variant whose answer differs from the plain kernel's by more than rounding
 * is never chosen. Takes seconds to minutes; keep the table that it returns (`JSON.stringify`) and hand it to
 * `device.tuner.load` or `openDevice({ tuner })`.
 */
export async function tune(device: Device, work: () => unknown, options: TuneOptions = {}): Promise<TunerTable> {
  checkOptions("tune", options, tuneKeys);
  const sites = new Map<string, Site>();
  const { tuner } = device;
  tuner.observer = (site) => {
    if (!sites.has(site.name) && site.able.length > 1 && (options.again || !tuner.get(site.name)))
      sites.set(site.name, site);
  };
  try {
    await work();
    await device.sync();
  } finally {
    tuner.observer = undefined;
  }
  let done = 0;
  for (const site of sites.values()) {
    options.signal?.throwIfAborted();
    const choice = await measure(device, site, options.rounds ?? 5);
    tuner.set(site.name, choice);
    options.onSite?.({ done: ++done, total: sites.size, name: site.name, choice, byDefault: site.byDefault });
  }
  return tuner.toJSON();
}
