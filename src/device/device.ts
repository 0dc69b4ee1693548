import { DeviceError, DeviceLostError, FiducialError, LimitError } from "../errors.ts";
import type { AdapterInfo } from "./adapter.ts";
import { type Facts, factsOf, type Limits } from "./facts.ts";
import type { DeviceOptions, DispatchRecord } from "./options.ts";
import { Pipelines } from "./pipelines.ts";
import { type Memory, Pool } from "./pool.ts";
import { type KernelTime, KernelTimer } from "./profile.ts";
import { type Binding, type Params, Recorder } from "./recorder.ts";
import { Recording, type Replay } from "./replay.ts";
import { type BindingsOf, type ParamsOf, type PipelineSpec, pipelineKey, type Shader } from "./shader.ts";
import { paddedTo4, readBack } from "./transfer.ts";
import { Tuner } from "./tuner.ts";
import { Unreachable } from "./unreachable.ts";

const unreadError = (who: string, what: string): DeviceError =>
  new DeviceError(
    `${who}: writes into ${what} while work that waits has yet to read its old numbers; bind it by bindingForWrite()`,
  );

/** Throws DeviceError where something waits to read what is about to be written. */
function expectRead(who: string, { buffer, name }: Binding): void {
  if (buffer.readers > 0) throw unreadError(who, name ?? "a buffer");
}

/**
 * An open GPU device: pool, pipelines, one open compute pass into which every kernel is recorded, and the read-backs.
 * Commands are submitted at a read-back, `sync()`, or after a number of dispatches.
 */
export class Device {
  readonly info: AdapterInfo;
  /** What kernels may know of the device when they choose. */
  readonly facts: Facts;
  readonly pool: Pool;
  readonly pipelines: Pipelines;
  /** Observers of every dispatch (profilers, step recorders, tests). */
  readonly observers = new Set<(record: DispatchRecord) => void>();
  /** Resolves when the device is lost, also by `destroy()`. */
  readonly lost: Promise<DeviceLostError>;
  /**
   * Variants to insist on, by the kernel's name ("conv2d", "conv3d", "matmul"), wherever they can run: for tests and comparisons.
   * Elsewhere, and without an entry, the kernel chooses.
   */
  readonly variants = new Map<string, string>();
  /** Which variants run without insisting. */
  readonly tuner: Tuner;
  /** Elementwise work that has not run yet. */
  readonly unsettled = new Set<{ settle(): unknown }>();
  /** Counters since opening. */
  readonly counts = { dispatches: 0, submits: 0, readBacks: 0 };
  readonly #keepAlive: unknown;
  readonly #device: GPUDevice;
  readonly #recorder: Recorder;
  readonly #unreachable: Unreachable;
  #recording: Recording | undefined;
  /** While a warm-up goes through its work: the pipelines it would have run. */
  #wanted: Map<string, PipelineSpec> | undefined;
  #failure: Error | undefined;

  /** @internal Use `openDevice`. */
  constructor(device: GPUDevice, keepAlive: unknown, info: AdapterInfo, options: DeviceOptions) {
    this.#device = device;
    this.#keepAlive = keepAlive;
    this.info = info;
    this.tuner = new Tuner({ name: info.description || info.architecture, hash: info.hash });
    if (options.tuner) this.tuner.load(options.tuner);
    this.facts = factsOf(device, info, options.facts);
    this.pipelines = new Pipelines(device, (error) => {
      // A shader that does not compile is the cause of whatever else was reported meanwhile.
      if (!(this.#failure instanceof DeviceLostError)) this.#failure = error;
    });
    const { maxBytes = 8 * 2 ** 30 } = options;
    this.pool = new Pool(device, {
      maxBuffer: device.limits.maxBufferSize,
      maxBytes,
      maxPooled: options.maxPooledBytes ?? 2 ** 30,
      onDestroy: () => {
        this.flush(); // commands that use a buffer are submitted before it is destroyed
        this.#recorder.forgetGroups();
      },
    });
    this.#unreachable = new Unreachable(this.pool, maxBytes);
    this.#recorder = new Recorder(device);
    this.lost = device.lost.then((why) => {
      const error = new DeviceLostError(
        why.reason,
        `the device is lost (${why.reason}): ${why.message || "no message"}; open a new one with openDevice() and go on from a checkpoint`,
      );
      this.#failure = error;
      return error;
    });
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.#failure ??= new DeviceError(`the device reported: ${event.error.message}`);
    });
  }

  get limits(): Limits {
    return this.facts.limits;
  }

  get features(): ReadonlySet<string> {
    return this.facts.features;
  }

  /** Throws what went wrong on the device since the last call, if anything did. */
  check(): void {
    if (this.#failure) {
      const failure = this.#failure;
      // Losing the device is final; any other failure has been told once it is thrown.
      if (!(failure instanceof DeviceLostError)) this.#failure = undefined;
      // It may have come about long before: the module that hears of it first is not the cause.
      throw failure instanceof FiducialError ? failure.blame("") : failure;
    }
    if (!this.#keepAlive) throw new DeviceError("the device is closed");
  }

  memory(): Memory {
    return this.pool.memory();
  }

  /**
   * The one way to run a kernel: binds, writes the params, records. `groups` are workgroup counts. Params given as a function
   * are asked for again whenever a recorded step runs.
   * Throws LimitError, naming the tensor, for a binding larger than the adapter allows.
   */
  dispatch<S extends Shader>(
    spec: PipelineSpec<S>,
    bindings: BindingsOf<S, Binding>,
    params: ParamsOf<S> | (() => ParamsOf<S>),
    groups: readonly [number, number, number],
  ): void {
    this.check();
    if (groups[0] === 0 || groups[1] === 0 || groups[2] === 0) return;
    const shader: Shader = spec.shader;
    const maxGroups = this.limits.maxComputeWorkgroupsPerDimension;
    if (groups[0] > maxGroups || groups[1] > maxGroups || groups[2] > maxGroups)
      throw new LimitError(
        `${shader.name}: ${groups.join(" x ")} workgroups; the adapter allows ${maxGroups} along each dimension`,
      );
    const list: Binding[] = [];
    let key = "";
    let bytes = 0;
    let half = 0;
    let unread: string | undefined;
    for (const { name } of shader.bindings) {
      const b = (bindings as Record<string, Binding>)[name];
      if (!b) throw new DeviceError(`${shader.name}: no buffer bound to ${name}`);
      if (b.bytes > this.limits.maxStorageBufferBindingSize)
        throw new LimitError(
          `${shader.name}: ${b.name ?? name} has ${b.bytes} bytes; the adapter binds at most ${this.limits.maxStorageBufferBindingSize} (maxStorageBufferBindingSize). Use a smaller batch or image`,
        );
      if (b.buffer.readers > 0 && shader.bindings[list.length].access === "read_write") unread ??= b.name ?? name;
      if (b.half) half |= 1 << list.length;
      list.push(b);
      bytes += b.bytes;
      key += `,${b.buffer.id}:${b.offset ?? 0}:${b.bytes}`;
    }
    const own = (half ? { ...spec, half } : spec) as PipelineSpec;
    if (this.#wanted) {
      this.#wanted.set(pipelineKey(own), own);
      return;
    }
    if (unread !== undefined) throw unreadError(shader.name, unread);
    const pipeline = this.pipelines.get(own);
    key += `|${pipeline.id}`;
    const values = typeof params === "function" ? params() : params;
    this.#recorder.record(pipeline, key, list, values as Params, groups);
    this.#recording?.dispatch(pipeline, list, params as Params | (() => Params), groups);
    this.counts.dispatches++;
    for (const observe of this.observers) observe({ pipeline, groups, bytes });
    if (this.#recorder.full) this.flush();
  }

  /**
   * @internal Runs `step` and records it: all it dispatches can be run again, on the same buffers. It must not read back, and
   * must not bring numbers from the host. See `recordStep`.
   */
  record(step: () => void): Replay {
    const recording = this.#recordedIn(step, "strict");
    try {
      return recording.finish();
    } catch (error) {
      recording.abandon();
      throw error;
    }
  }

  /**
   * @internal As `record`, for a step that may do what no run could repeat: it runs all the same, once and with the numbers of
   * a plain run, and in place of the recording comes the reason why there is none.
   */
  tryRecord(step: () => void): Replay | { readonly reason: string } {
    const recording = this.#recordedIn(step, "lenient");
    let reason = recording.spoiled;
    if (reason === undefined)
      try {
        return recording.finish();
      } catch (error) {
        if (!(error instanceof DeviceError) || error instanceof DeviceLostError) throw error;
        reason = error.message;
      }
    recording.abandon();
    return { reason };
  }

  #recordedIn(step: () => void, mode: "strict" | "lenient"): Recording {
    this.check();
    this.settle(); // what was asked for before is no part of the step
    const recording = new Recording(this.#device, this.pool.openArena(), mode);
    this.#recording = recording;
    try {
      step();
      this.settle();
      return recording;
    } catch (error) {
      recording.abandon();
      throw error;
    } finally {
      this.#recording = undefined;
    }
  }

  /**
   * Compiles, in parallel, every kernel that `work` would run, and runs none of them: the first real step then waits for no
   * compiler. `work` is gone through as it is (shapes, memory, tape), synchronously; tensors hold nothing yet, so it must not read
   * back. What it makes is the caller's to dispose (`tidy`). Gives the number of kernels that were compiled.
   */
  async warmUp(work: () => unknown): Promise<number> {
    this.check();
    if (this.#recording || this.#wanted)
      throw new DeviceError("warmUp: a step is being recorded, or warmed up, already");
    this.settle(); // real work that waits
    const wanted = new Map<string, PipelineSpec>();
    this.#wanted = wanted;
    try {
      work();
      this.settle();
    } finally {
      this.#wanted = undefined;
    }
    const before = this.pipelines.size;
    await Promise.all([...wanted.values()].map((spec) => this.pipelines.compile(spec)));
    this.check();
    return this.pipelines.size - before;
  }

  /** @internal Runs a recorded step once more, after all that was recorded so far. */
  replay(step: Replay): void {
    this.check();
    this.settle();
    this.flush();
    step.submit(this.#recorder.timer);
    this.counts.submits++;
  }

  /** Does `work` now and, where a step is being recorded, at the start of each further run: counters of the host. */
  eachRun(work: () => void): void {
    if (this.#wanted) return;
    work();
    this.#recording?.each(work);
  }

  /**
   * @internal Tells that the step at hand does what no run of a recording could repeat: refused with a DeviceError where one
   * is being recorded, remembered by `tryRecord`, and of no matter otherwise.
   */
  cannotRepeat(what: string, cure: string): void {
    this.#recording?.spoil(`the step ${what}, which a further run could not repeat; ${cure}`);
  }

  /**
   * Records all elementwise work that waits (docs/memory.md): what tensors that are alive will be asked for.
   */
  settle(): void {
    for (const waiting of [...this.unsettled]) waiting.settle();
  }

  /** Submits what is recorded. */
  flush(): void {
    if (this.#recorder.flush()) this.counts.submits++;
  }

  /**
   * Times every kernel that `work` records or replays, by the GPU's own clock, up to 2,048 dispatches; slower than plain running, since
   * each gets a pass of its own. Slowest first. Throws DeviceError where the adapter has no timestamps.
   */
  async profile(work: () => void | Promise<void>): Promise<KernelTime[]> {
    if (!this.features.has("timestamp-query")) throw new DeviceError("profile: the adapter offers no timestamp-query");
    await this.sync();
    const timer = new KernelTimer(this.#device);
    const resolved = this.pool.acquire(timer.bytes, "timestamps");
    this.#recorder.timer = timer;
    try {
      await work();
      this.settle();
      this.#recorder.timer = undefined;
      timer.resolve(this.#recorder.endPass(), resolved.gpu);
      return timer.times(await this.read({ buffer: resolved, bytes: timer.bytes }));
    } finally {
      this.#recorder.timer = undefined;
      this.pool.release(resolved);
      timer.destroy();
    }
  }

  /** Copies bytes from the host. Waits for nothing; commands recorded before still see the old content. */
  write(binding: Binding, data: ArrayBufferView): void {
    this.check();
    if (this.#wanted) return;
    expectRead("write", binding);
    this.cannotRepeat("brings numbers from the host", "make the tensor before, and write() to it between runs");
    if (binding.buffer.usedIn === this.#recorder.batch) this.flush(); // writeBuffer would overtake recorded commands
    if (data.byteLength === 0) return;
    const padded = paddedTo4(data);
    this.#device.queue.writeBuffer(
      binding.buffer.gpu,
      binding.offset ?? 0,
      padded.buffer as ArrayBuffer,
      padded.byteOffset,
      padded.byteLength,
    );
  }

  /** Copies between buffers on the GPU; all in bytes, multiples of 4. */
  copy(from: Binding, to: Binding): void {
    this.check();
    if (this.#wanted) return;
    expectRead("copy", to);
    const encoder = this.#recorder.endPass();
    encoder.copyBufferToBuffer(
      from.buffer.gpu,
      from.offset ?? 0,
      to.buffer.gpu,
      to.offset ?? 0,
      Math.ceil(from.bytes / 4) * 4,
    );
    from.buffer.usedIn = to.buffer.usedIn = this.#recorder.batch;
    this.#recording?.copy(from, to);
  }

  /** Sets the bytes to zero. */
  clear(binding: Binding): void {
    this.check();
    if (this.#wanted) return;
    expectRead("clear", binding);
    this.#recorder.endPass().clearBuffer(binding.buffer.gpu, binding.offset ?? 0, Math.ceil(binding.bytes / 4) * 4);
    binding.buffer.usedIn = this.#recorder.batch;
    this.#recording?.clear(binding);
  }

  /** Reads bytes back: the one wait of a computation. Rejects with DeviceLostError when the device goes meanwhile; never gives zeros. */
  async read(binding: Binding): Promise<ArrayBuffer> {
    return (await this.readAll([binding]))[0];
  }

  /** Reads several ranges back in one wait. */
  async readAll(bindings: readonly Binding[]): Promise<ArrayBuffer[]> {
    this.check();
    if (this.#wanted)
      throw new DeviceError("warmUp: the work reads back, and there is nothing to read yet; read after the warm-up");
    this.cannotRepeat("reads back", "return the tensor, and read it after each run");
    this.counts.readBacks++;
    const read = await readBack(this.#device, bindings, {
      encoder: this.#recorder.endPass(),
      submit: () => this.flush(),
      lost: this.lost,
      settled: async () => {
        await this.pipelines.settled();
        this.check();
      },
    });
    await this.#unreachable.collect();
    return read;
  }

  /** Submits and waits until everything recorded has run. */
  async sync(): Promise<void> {
    this.check();
    this.settle();
    this.flush();
    await this.#device.queue.onSubmittedWorkDone();
    await this.pipelines.settled();
    this.check();
    await this.#unreachable.collect();
  }

  /** Loses the device at once, as a driver would: for tests of recovery. */
  destroy(): void {
    this.#failure ??= new DeviceLostError("destroyed", "the device was destroyed; open a new one with openDevice()");
    this.#recorder.drop();
    this.#device.destroy();
  }

  [Symbol.dispose](): void {
    this.destroy();
  }
}
