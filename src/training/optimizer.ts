import type { Binding, Device } from "../device/index.ts";
import { CheckpointError, ConfigError, DeviceError, DTypeError } from "../errors.ts";
import { controlWords, gradientControl, gradientSquares, squarePlaces } from "../kernels/optimizer/optimizer.ts";
import { type Parameter, readTensors, type StateDict, type StateSource, selects } from "../nn/index.ts";
import { floats } from "../nn/state.ts";
import { keep, type Tensor, zeros } from "../tensor/index.ts";
import { type Packed, Packs } from "./optimizer-packs.ts";
import { rules } from "./optimizer-rules.ts";
import { checkGroups, type OptimizerSpec, type Resolved, resolve } from "./optimizer-spec.ts";

interface Entry extends Packed {
  readonly name: string;
  readonly parameter: Parameter;
  readonly options: Resolved;
  /** Running moments, in the order of their names. */
  moments: readonly Tensor[];
  readonly places: number;
  /** Steps in which it had a gradient. */
  steps: number;
}

/** What a step's gradients were, read back some steps later. */
export interface GradientReport {
  /** Norm over all gradients of the last step, before clipping; NaN when they were not finite. */
  readonly norm: number;
  /** Steps so far that changed nothing, because a gradient was NaN or infinite. */
  readonly badSteps: number;
  /** The first of them, and the first parameter with such a gradient. */
  readonly firstBad: { readonly step: number; readonly name: string } | undefined;
}

/**
 * An optimizer bound to parameters on a device. It moves their memory side by side, so that one kernel updates many of them, and
 * `step` records a few kernels for a whole network. It waits for nothing: the gradients' norm is computed, clipped by and
 * checked for NaN on the GPU. A step with a gradient that is not finite changes nothing and is counted.
 */
export class Optimizer {
  readonly spec: OptimizerSpec;
  readonly device: Device;
  readonly #entries: Entry[] = [];
  readonly #packs: Packs;
  readonly #control: Tensor;
  readonly #partials: Tensor;
  /** Bound in place of a moment that a rule does without. */
  readonly #spare: Tensor;
  readonly #count: number;
  #step = 0;

  /** Throws ConfigError when no parameter is selected, by a named group either, DeviceError when one is empty, DTypeError when one is float16. */
  constructor(spec: OptimizerSpec, parameters: ReadonlyMap<string, Parameter>) {
    const mine = [...parameters].filter(([name]) => selects(spec.options.parameters, name));
    if (mine.length === 0)
      throw new ConfigError(
        "optimizer.parameters",
        `${spec.rule}: no parameter is selected among ${[...parameters.keys()].slice(0, 8).join(", ") || "none"}`,
      );
    for (const [name, p] of mine) {
      if (!p.ready) throw new DeviceError(`${spec.rule}: parameter ${name} is empty; call init() or load() first`);
      if (p.dtype === "f16")
        throw new DTypeError(`${spec.rule}: parameter ${name} is float16, for inference; call model.float() to train`);
    }
    checkGroups(
      spec,
      mine.map(([name]) => name),
    );
    this.spec = spec;
    this.device = mine[0][1].value.device;
    const rule = rules[spec.rule];
    let first = 0;
    const known = new Map<string, Resolved>();
    for (const [name, parameter] of mine) {
      const resolved = resolve(spec, name);
      const key = JSON.stringify(resolved);
      const options = known.get(key) ?? resolved;
      known.set(key, options);
      const places = squarePlaces(this.device, parameter.value.size);
      this.#entries.push({ name, parameter, options, moments: [], first, places, steps: 0 });
      first += places;
    }
    this.#packs = new Packs(this.device, this.#entries, (o) => ({
      count: rule.moments(o).length,
      start: rule.start?.(o) ?? 0,
    }));
    this.#count = first;
    this.#partials = keep(zeros(this.device, [first]));
    this.#spare = keep(zeros(this.device, [128]));
    this.#control = keep(zeros(this.device, [controlWords], "u32"));
  }

  /** Learning rate of the first parameter, before the schedule's factor. */
  get lr(): number {
    return this.#entries[0].options.lr;
  }

  /**
   * One step from the gradients that stand in the parameters; those without one stay. `factor` multiplies every learning
   * rate; as a function it is asked again at each run of a recorded step.
   */
  step(factor: number | (() => number) = 1): void {
    const { device } = this;
    const partials = this.#partials.binding("partial sums of the gradients");
    const control = this.#control.binding("control");
    const active = this.#entries.filter((e) => e.parameter.value.gradient !== null);
    for (const e of this.#entries)
      if (e.parameter.value.gradient === null && e.steps > 0)
        device.clear({ ...partials, offset: (partials.offset ?? 0) + e.first * 4, bytes: e.places * 4 });
    const scaled = (o: Resolved) => () => o.lr * (typeof factor === "function" ? factor() : factor);
    device.eachRun(() => {
      this.#step++;
      for (const e of active) e.steps++;
    });
    const { runs, loose } = this.#packs.gather(active, partials);
    for (const e of loose) {
      const grad = e.parameter.value.gradient!;
      gradientSquares(device, { g: grad.binding(`gradient of ${e.name}`), partials }, grad.size, e.first);
    }
    gradientControl(
      device,
      { partials, control },
      { count: this.#count, step: () => this.#step, maxNorm: this.spec.options.clip ?? 0 },
    );
    const rule = rules[this.spec.rule];
    const spare = this.#spare.binding("spare");
    for (const { options, entry, n, g, p, moments } of runs) {
      const buffers = { g, control, p };
      rule.step(device, { buffers, moments, spare, n, options, lr: scaled(options), t: () => entry.steps });
    }
    for (const entry of loose) {
      const { name, parameter, options, moments } = entry;
      const { value } = parameter;
      const buffers = { g: value.gradient!.binding(`gradient of ${name}`), control, p: value.bindingForWrite(name) };
      const list = moments.map((t) => t.binding());
      const numbers = { options, lr: scaled(options), t: () => entry.steps };
      rule.step(device, { buffers, moments: list, spare, n: value.size, ...numbers });
    }
  }

  zeroGrad(): void {
    for (const e of this.#entries) e.parameter.value.zeroGrad();
  }

  /** @internal What `report` reads; to be read back together with other things. */
  get control(): Binding {
    return { ...this.#control.binding("control"), bytes: controlWords * 4 };
  }

  /** @internal */
  report(bytes: ArrayBuffer): GradientReport {
    const words = new Uint32Array(bytes);
    const norm = new Float32Array(bytes)[1];
    const name = this.#entries.find((e) => words[5] < e.first + e.places)?.name ?? "all parameters together";
    return { norm, badSteps: words[3], firstBad: words[3] > 0 ? { step: words[4], name } : undefined };
  }

  /** Waits for the device and tells the last gradients' norm and whether any step met NaN or infinity. */
  async gradients(): Promise<GradientReport> {
    return this.report(await this.device.read(this.control));
  }

  #moments(): Map<string, Tensor> {
    return new Map(
      this.#entries.flatMap((e) =>
        rules[this.spec.rule].moments(e.options).map((name, i) => [`${name}.${e.name}`, e.moments[i]] as const),
      ),
    );
  }

  /** Tensors of the state on the device, to be read back together with others. @internal */
  state(): Map<string, Tensor> {
    return this.#moments();
  }

  /** Step counts: `step` and one for each parameter. @internal */
  counts(): BigInt64Array {
    return BigInt64Array.from([this.#step, ...this.#entries.map((e) => e.steps)].map(BigInt));
  }

  /** The whole state on the host: running moments by PyTorch's names, and the step counts. */
  async stateDict(): Promise<StateDict> {
    const host = await readTensors(this.#moments());
    const out: StateDict = new Map();
    for (const [name, t] of this.#moments()) out.set(name, { dtype: "F32", shape: t.shape, data: host.get(name)! });
    const counts = this.counts();
    return out.set("steps", { dtype: "I64", shape: [counts.length], data: counts });
  }

  /** Fills in a state that `stateDict` gave. Throws CheckpointError, changing nothing, when it is another optimizer's. */
  load(source: StateSource): void {
    const state = new Map("tensors" in source ? source.tensors : source);
    const moments = this.#moments();
    const steps = state.get("steps");
    const lacking = [...moments].filter(([n, t]) => state.get(n)?.data.length !== t.size).map(([n]) => n);
    const extra = [...state.keys()].filter((n) => n !== "steps" && !moments.has(n));
    if (lacking.length > 0 || extra.length > 0 || steps?.data.length !== this.#entries.length + 1)
      throw new CheckpointError(
        `${this.spec.rule}: the state is of another optimizer or model; missing or of another size: ${lacking.slice(0, 8).join(", ") || "none"}; unexpected: ${extra.slice(0, 8).join(", ") || "none"}`,
      );
    for (const [name, t] of moments) t.write(floats(name, state.get(name)!));
    this.#step = Number(steps.data[0]);
    this.#entries.forEach((e, i) => {
      e.steps = Number(steps.data[i + 1]);
    });
    this.#control.write(new Uint32Array(controlWords));
  }

  dispose(): void {
    for (const e of this.#entries) for (const t of e.moments) t.dispose();
    this.#packs.dispose();
    this.#partials.dispose();
    this.#spare.dispose();
    this.#control.dispose();
  }
}
