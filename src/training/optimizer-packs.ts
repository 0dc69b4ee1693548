import type { Binding, Device } from "../device/index.ts";
import { part } from "../kernels/elementwise/map.ts";
import { fillWith } from "../kernels/layout/strided.ts";
import { type Gathered, gatheredAtOnce, gatherGradients } from "../kernels/optimizer/optimizer.ts";
import type { Parameter } from "../nn/index.ts";
import { full, keep, Tensor, zeros } from "../tensor/index.ts";
import { Storage } from "../tensor/storage.ts";
import type { Resolved } from "./optimizer-spec.ts";

/** What an optimizer keeps of a parameter. */
export interface Packed {
  readonly name: string;
  readonly parameter: Parameter;
  /** One object for all parameters with equal options. */
  readonly options: Resolved;
  moments: readonly Tensor[];
  /** Where its partial sums of squares begin. */
  readonly first: number;
  /** Steps in which it had a gradient. */
  steps: number;
}

/** Parameters side by side that take their step together. */
export interface Run {
  readonly options: Resolved;
  /** One of them: all have had as many steps. */
  readonly entry: Packed;
  readonly n: number;
  readonly g: Binding;
  readonly p: Binding;
  readonly moments: readonly Binding[];
}

/** Larger tensors keep memory of their own: one kernel for each is no burden there, and their gradients need no copy. */
const largest = 2 ** 20;
/** Numbers of one pack: 64 MiB, half of what every adapter binds. */
const packed = 2 ** 24;
/** Bindings begin at multiples of 256 bytes. */
const aligned = (n: number): number => Math.ceil(n / 64) * 64;

interface Place {
  /** The parameter's part of the pack; when its tensor has other memory by now, the pack is no longer its place. */
  readonly storage: Storage;
  readonly at: number;
}

/** One stretch of memory for the weights of many parameters, and the same for their gradients and moments. */
class Pack<E extends Packed> {
  readonly places = new Map<E, Place>();
  readonly #device: Device;
  readonly #values: Storage;
  readonly #moments: Storage[];
  readonly #gradients: Tensor;

  constructor(device: Device, entries: readonly E[], { count, start }: MomentPlan) {
    this.#device = device;
    const size = entries.reduce((sum, e) => sum + aligned(e.parameter.value.size), 0);
    const whole = (what: string): Storage => new Storage(device, size * 4, "f32", what);
    this.#values = whole("weights of many parameters");
    this.#moments = Array.from({ length: count }, () => whole("moments of many parameters"));
    for (const m of this.#moments) fillWith(device, m.binding(), size, start);
    this.#gradients = keep(zeros(device, [size]));
    let at = 0;
    for (const e of entries) {
      const { value } = e.parameter;
      const within = (whole: Storage): Storage =>
        new Storage(device, value.size * 4, "f32", e.name, { whole, offset: at * 4 });
      const storage = within(this.#values);
      storage.version = value.storage.version;
      device.copy({ ...value.binding(e.name), bytes: value.size * 4 }, storage.binding());
      value.relocate(storage);
      e.moments = this.#moments.map((m) => keep(new Tensor(value.shape, "f32", within(m))));
      this.places.set(e, { storage, at });
      at += aligned(value.size);
    }
  }

  /** Brings the gradients of `active`, which lie in this pack, to their places; and what then can be updated together. */
  gather(active: readonly E[], partials: Binding): Run[] {
    const all = this.#gradients.binding("gradients of many parameters");
    const list = active.map((e): Gathered & { readonly entry: E; readonly p: Binding } => {
      const grad = e.parameter.value.gradient!;
      const g = { ...grad.binding(`gradient of ${e.name}`), bytes: grad.size * 4 };
      const p = e.parameter.value.bindingForWrite(e.name);
      return { entry: e, g, p, n: grad.size, first: e.first, at: this.places.get(e)!.at };
    });
    for (let i = 0; i < list.length; i += gatheredAtOnce)
      gatherGradients(this.#device, list.slice(i, i + gatheredAtOnce), { partials, all });
    const runs: { from: number; to: number; entry: E; first: Binding }[] = [];
    for (const { entry, n, at, p } of list) {
      const last = runs.at(-1);
      const joins = last?.to === at && last.entry.steps === entry.steps && last.entry.options === entry.options;
      if (joins) last.to = at + aligned(n);
      else runs.push({ from: at, to: at + aligned(n), entry, first: p });
    }
    return runs.map(({ from, to, entry, first }) => {
      const of = (whole: Binding): Binding => part(whole, from, to - from);
      const moments = this.#moments.map((m) => of(m.binding()));
      const p = { ...first, bytes: (to - from) * 4 };
      return { options: entry.options, entry, n: to - from, g: of(all), p, moments };
    });
  }

  /** Lets go of what belongs to the optimizer; the weights stay where they are until their tensors go. */
  dispose(): void {
    for (const s of [this.#values, ...this.#moments]) s.release();
    this.#gradients.dispose();
  }
}

interface MomentPlan {
  readonly count: number;
  readonly start: number;
}

/**
 * Where an optimizer's parameters lie: small ones in packs, ordered by their options so that equal ones stand side by side; a
 * large one, and one alone, for itself. Gives every entry its moments.
 */
export class Packs<E extends Packed = Packed> {
  readonly #packs: Pack<E>[] = [];

  constructor(device: Device, entries: readonly E[], plan: (options: Resolved) => MomentPlan) {
    const small = new Map<string, E[]>();
    for (const e of entries) {
      const { size } = e.parameter.value;
      const { count, start } = plan(e.options);
      const fits = size > 0 && size <= largest && e.parameter.value.device === device;
      if (fits) {
        // Moments of one count and one beginning can share a pack.
        const key = `${count} ${start}`;
        small.set(key, [...(small.get(key) ?? []), e]);
      } else e.moments = loose(device, e, count, start);
    }
    for (const list of small.values()) {
      const { count, start } = plan(list[0].options);
      if (list.length === 1) list[0].moments = loose(device, list[0], count, start);
      else for (const group of filled(list)) this.#packs.push(new Pack(device, group, { count, start }));
    }
  }

  /** Gathers the gradients that lie in packs; what can be updated together, and the entries that go by themselves. */
  gather(active: readonly E[], partials: Binding): { runs: Run[]; loose: E[] } {
    const rest = new Set(active);
    const runs = this.#packs.flatMap((pack) => {
      const here = [...pack.places].filter(([e, { storage }]) => rest.has(e) && e.parameter.value.storage === storage);
      for (const [e] of here) rest.delete(e);
      return pack.gather(
        here.map(([e]) => e),
        partials,
      );
    });
    return { runs, loose: [...rest] };
  }

  dispose(): void {
    for (const pack of this.#packs) pack.dispose();
  }
}

const loose = (device: Device, e: Packed, count: number, start: number): Tensor[] =>
  Array.from({ length: count }, () => keep(full(device, e.parameter.value.shape, start)));

/** Entries with equal options side by side, in groups of one pack's size. */
function filled<E extends Packed>(entries: readonly E[]): E[][] {
  const byOptions = new Map<Resolved, E[]>();
  for (const e of entries) byOptions.set(e.options, [...(byOptions.get(e.options) ?? []), e]);
  const groups: E[][] = [];
  let room = 0;
  for (const e of [...byOptions.values()].flat()) {
    const size = aligned(e.parameter.value.size);
    if (size > room) {
      groups.push([]);
      room = packed;
    }
    groups[groups.length - 1].push(e);
    room -= size;
  }
  return groups;
}
