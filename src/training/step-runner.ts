import type { Device } from "../device/index.ts";
import { Counter, type Module, type Parameter, type Slot } from "../nn/index.ts";
import { add, mul, noGrad, type RecordedStep, type Rng, type Tensor, tidy } from "../tensor/index.ts";
import { tryRecordStep } from "../tensor/record-step.ts";
import type { Storage } from "../tensor/storage.ts";
import type { Live } from "./live.ts";
import { named, PendingSteps } from "./pending.ts";
import { copyInputs, freeInputs, type Inputs, inputsOf, ownInputs } from "./step-inputs.ts";
import type { StepContext, TrainerOptions } from "./trainer-options.ts";

/** Where a step stands, and what differs from step to step besides its batches. */
export interface StepPlace {
  readonly step: number;
  readonly epoch: number;
  /** Batches before it in the whole run. */
  readonly firstBatch: number;
  /** The schedule's factor. */
  readonly factor: number;
}

interface Recorded {
  readonly step: RecordedStep<readonly Tensor[]>;
  readonly inputs: Inputs;
  /** Names of the numbers it gives. */
  readonly names: readonly string[];
  /** Memory of the model's tensors. */
  readonly model: readonly (readonly [Slot, Storage])[];
  /** Whether each module behaved as in training. */
  readonly modes: readonly (readonly [Module, boolean])[];
}

/** Whether everything it reads and writes is still there, and still the model's. */
const stands = ({ step, model, modes }: Recorded): boolean =>
  step.usable &&
  modes.every(([m, on]) => m.training === on) &&
  model.every(([slot, storage]) => slot.ready && slot.value.storage === storage);

const memoryOf = (model: Module): [Slot, Storage][] =>
  [...model.namedState()].flatMap(([, slot]) => (slot instanceof Counter ? [] : [[slot, slot.value.storage]]));

const modesOf = (model: Module): [Module, boolean][] => [...model.namedModules()].map(([, m]) => [m, m.training]);

const dispose = ({ step, inputs }: Recorded): void => {
  step.dispose();
  freeInputs(inputs.tensors);
};

/**
 * Runs a trainer's steps. The first one of given shapes runs plainly; the second is recorded, and from then on only the batch's
 * numbers are brought to the device, and the learning rate, the layers' random streams and the averages' weight are renewed. The
 * bits are those of plain steps. What cannot be repeated runs plainly, and `onPlain` hears once why.
 */
export class StepRunner<B, T> {
  readonly pending: PendingSteps;
  readonly #options: TrainerOptions<B, T>;
  readonly #live: Live;
  readonly #device: Device;
  readonly #onPlain: (reason: string) => void;
  /** Listed once: a step asks for all of them more than once. */
  readonly #parameters: readonly Parameter[];
  readonly #streams: { readonly layers: Rng; readonly step: Rng };
  #place: StepPlace = { step: 0, epoch: 0, firstBatch: 0, factor: 1 };
  #recorded: Recorded | undefined;
  /** Signature of the step before. */
  #before: string | undefined;
  /** Steps in turn whose signature was another than that of the step before. */
  #misses = 0;
  /** Why no step is recorded. */
  #plain: string | undefined;
  #told = false;
  #replayed = false;

  constructor(options: TrainerOptions<B, T>, live: Live, onPlain: (reason: string) => void) {
    this.#options = options;
    this.#live = live;
    this.#device = live.device;
    this.#onPlain = onPlain;
    this.#parameters = [...options.model.parameters()];
    this.#streams = { layers: options.rng.fork("layers"), step: options.rng.fork("step") };
    this.pending = new PendingSteps(live.device, options.readEvery ?? 20);
    if (!options.upload) this.#plain = "the trainer has no `upload`, which brings a batch to the device";
    else if (options.record === false) this.#plain = "`record` is false";
    else if (!live.single) this.#plain = "several optimizers, which the step uses as it likes";
  }

  /** Whether the last step was a run of a recorded one. */
  get replayed(): boolean {
    return this.#replayed;
  }

  /** Puts one step's work on the device; waits for nothing. More than one batch: their gradients are averaged. */
  run(place: StepPlace, batches: readonly B[]): void {
    this.#place = place;
    this.#replayed = false;
    const names = this.#plain === undefined ? this.#runFixed(batches) : this.#runPlain(batches);
    this.pending.push(place.step, names);
    if (this.#plain !== undefined) this.#tell(this.#plain);
  }

  #runPlain(batches: readonly B[]): readonly string[] {
    const { upload } = this.#options;
    return tidy(() => {
      const uploads = noGrad(() => batches.map((b) => upload?.(b, this.#device) as T));
      return this.#work(batches, uploads);
    });
  }

  /** A step whose batches come as tensors: recorded once their shapes have come twice in turn, and from then on run again. */
  #runFixed(batches: readonly B[]): readonly string[] {
    return tidy(() => {
      const uploads = noGrad(() => batches.map((b) => this.#options.upload!(b, this.#device)));
      const inputs = inputsOf(uploads);
      if (!inputs) {
        this.#plain = "`upload` gives something that is neither a tensor nor plain data";
        return this.#work(batches, uploads);
      }
      if (this.#recorded && !stands(this.#recorded)) this.#forget();
      const again = this.#before === inputs.signature;
      this.#before = inputs.signature;
      if (this.#recorded?.inputs.signature === inputs.signature) {
        copyInputs(inputs.tensors, this.#recorded.inputs.tensors);
        this.#recorded.step.run();
        this.#replayed = true;
        return this.#recorded.names;
      }
      if (again) return this.#record(batches, uploads, inputs);
      this.#misses++;
      if (!this.#recorded && this.#misses === 4)
        this.#tell("shapes or plain values of `upload` that differ from step to step");
      if (this.#recorded) this.#tell("batches of other shapes, or another number of them, than the recorded step has");
      return this.#work(batches, uploads);
    });
  }

  #record(batches: readonly B[], given: readonly T[], of: Inputs): readonly string[] {
    this.#forget();
    this.#zeroGrad(); // gradients from outside the step would be freed in it
    const { uploads, inputs } = ownInputs(given, of);
    let names: readonly string[] = [];
    try {
      const step = tryRecordStep(this.#device, () => {
        names = this.#work(batches, uploads);
        return [];
      });
      if ("reason" in step) this.#plain = step.reason;
      else
        this.#recorded = {
          step,
          inputs,
          names,
          model: memoryOf(this.#options.model),
          modes: modesOf(this.#options.model),
        };
    } finally {
      if (this.#recorded?.inputs !== inputs) freeInputs(inputs.tensors);
    }
    return names;
  }

  #zeroGrad(): void {
    for (const p of this.#parameters) p.value.zeroGrad();
  }

  /** The work of a step, the same each time: what differs is asked for at each run. Gives the names of its numbers. */
  #work(batches: readonly B[], uploads: readonly T[]): readonly string[] {
    const { model, step } = this.#options;
    const { optimizers, ema, single } = this.#live;
    const { main } = optimizers;
    const count = batches.length;
    // The mean over the batches: each is divided by how many this step has, which at an epoch's end may be fewer.
    const share = (t: Tensor): Tensor => (count === 1 ? t : mul(t, 1 / count));
    const sums: Record<string, Tensor> = {};
    if (single) this.#zeroGrad();
    for (let i = 0; i < count; i++) {
      this.#device.eachRun(() => model.reseed(this.#streams.layers.fork(this.#place.firstBatch + i)));
      const values = named(step(this.#context(batches[i], uploads[i], i)));
      if (single) share(values.loss).backward();
      noGrad(() => {
        for (const [name, t] of Object.entries(values)) {
          const part = share(t.detach());
          sums[name] = sums[name] ? add(sums[name], part) : part;
        }
      });
    }
    if (single) {
      main.step(() => this.#place.factor);
      this.#zeroGrad();
    }
    ema?.update();
    this.pending.place(sums);
    return Object.keys(sums);
  }

  /** What the step function is given. What a further run could not renew tells so when it is read. */
  #context(batch: B, tensors: T, index: number): StepContext<B, T> {
    const { step, epoch, firstBatch, factor } = this.#place;
    const rng = this.#streams.step.fork(firstBatch + index);
    const cannot = (what: string, cure: string) => this.#device.cannotRepeat(`reads ${what}`, cure);
    return {
      tensors,
      device: this.#device,
      optimizers: this.#live.optimizers,
      get batch() {
        cannot("`batch`", "use what `upload` makes of it, `tensors`");
        return batch;
      },
      get rng() {
        cannot("`rng`", "draw in `upload`'s source, or in a layer");
        return rng;
      },
      get step() {
        cannot("`step`", "give it to the step as a tensor, from `upload`");
        return step;
      },
      get epoch() {
        cannot("`epoch`", "give it to the step as a tensor, from `upload`");
        return epoch;
      },
      get factor() {
        cannot("`factor`", "leave the optimizer's step to the trainer");
        return factor;
      },
    };
  }

  #tell(reason: string): void {
    if (!this.#told) this.#onPlain(reason);
    this.#told = true;
  }

  #forget(): void {
    if (this.#recorded) dispose(this.#recorded);
    this.#recorded = undefined;
  }

  dispose(): void {
    this.#forget();
    this.pending.dispose();
  }
}
