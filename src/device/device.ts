import { findAdapter } from "#adapter";
import { DeviceError, DeviceLostError, LimitError } from "../errors.ts";
import type { AdapterChoice, AdapterKind } from "./adapter.ts";
import { type Pipeline, Pipelines } from "./pipelines.ts";
import { type Memory, Pool, type PooledBuffer } from "./pool.ts";
import { adapterHash, selfTest } from "./self-test.ts";
import type { BindingsOf, ParamsOf, PipelineSpec, Shader } from "./shader.ts";

export interface DeviceOptions {
  /** "system" or "embedded" to insist on one; by default the system's adapter, else the embedded one. */
  adapter?: AdapterChoice;
  /** Budget for live buffers, bytes; software adapters never report that memory is used up. Default 8 GiB. */
  maxBytes?: number;
  /** Bytes kept for reuse at most. Default 1 GiB. */
  maxPooledBytes?: number;
}

export interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  readonly kind: AdapterKind;
  /** Identifies adapter, driver and self-test bits: results are bit-equal only where it is equal. */
  readonly hash: string;
}

/** A range of a pooled buffer, as a kernel sees it. `name` says what it is when it does not fit. */
export interface Binding {
  readonly buffer: PooledBuffer;
  /** Bytes; a multiple of 256. */
  readonly offset?: number;
  /** Bytes; by default the buffer from `offset`. */
  readonly bytes: number;
  readonly name?: string;
}

/** GPU time of one kernel over a profiled stretch. */
export interface KernelTime {
  readonly key: string;
  readonly count: number;
  readonly ms: number;
}

/** What an observer of `dispatch` is told: enough to count, to profile and to record a step. */
export interface DispatchRecord {
  readonly pipeline: Pipeline;
  readonly groups: readonly [number, number, number];
  readonly bytes: number;
}

const paramSlot = 256;
const paramSlots = 512;
const flushDispatches = 128;
const profileSlots = 4096;

/**
 * An open GPU device: pool, pipelines, one open compute pass into which every kernel is recorded, and the read-backs.
 * Commands are submitted at a read-back, `sync()`, or after a number of dispatches.
 */
export class Device {
  readonly info: AdapterInfo;
  readonly features: ReadonlySet<string>;
  readonly limits: GPUSupportedLimits;
  readonly pool: Pool;
  readonly pipelines: Pipelines;
  /** Observers of every dispatch (profilers, step recorders, tests). */
  readonly observers = new Set<(record: DispatchRecord) => void>();
  /** Resolves when the device is lost, also by `destroy()`. */
  readonly lost: Promise<DeviceLostError>;
  /** Counters since opening. */
  readonly counts = { dispatches: 0, submits: 0, readBacks: 0 };
  /** Smallest subgroup the adapter may use; 0 where subgroups are not offered. */
  readonly subgroupMin: number;
  readonly #keepAlive: unknown;
  readonly #device: GPUDevice;
  readonly #params: GPUBuffer;
  readonly #staging = new ArrayBuffer(paramSlot * paramSlots);
  readonly #stagingView = new DataView(this.#staging);
  readonly #groups = new Map<string, GPUBindGroup>();
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #slot = 0;
  #batch = 0;
  #bound: Pipeline | undefined;
  #profile: { readonly set: GPUQuerySet; readonly keys: string[] } | undefined;
  #failure: Error | undefined;

  /** @internal Use `openDevice`. */
  constructor(device: GPUDevice, keepAlive: unknown, info: AdapterInfo, options: DeviceOptions) {
    this.#device = device;
    this.#keepAlive = keepAlive;
    this.info = info;
    this.features = new Set(device.features as unknown as Iterable<string>);
    this.limits = device.limits;
    this.subgroupMin = this.features.has("subgroups")
      ? ((device.adapterInfo as { subgroupMinSize?: number })?.subgroupMinSize ?? 0)
      : 0;
    this.pipelines = new Pipelines(device, (error) => {
      // A shader that does not compile is the cause of whatever else was reported meanwhile.
      if (!(this.#failure instanceof DeviceLostError)) this.#failure = error;
    });
    this.pool = new Pool(device, {
      maxBuffer: device.limits.maxBufferSize,
      maxBytes: options.maxBytes ?? 8 * 2 ** 30,
      maxPooled: options.maxPooledBytes ?? 2 ** 30,
      onDestroy: () => {
        this.flush(); // commands that use a buffer are submitted before it is destroyed
        this.#groups.clear();
      },
    });
    this.#params = device.createBuffer({ size: paramSlot * paramSlots, usage: 0x40 | 0x08, label: "params" }); // UNIFORM | COPY_DST
    this.lost = device.lost.then((why) => {
      const error = new DeviceLostError(
        why.reason,
        `the device is lost (${why.reason}): ${why.message || "no message"}; open a new one with openDevice() and go on from a checkpoint`,
      );
      this.#failure = error;
      return error;
    });
    device.addEventListener("uncapturederror", (event) => {
      this.#failure ??= new DeviceError(`the device reported: ${event.error.message}`);
    });
  }

  /** Throws what went wrong on the device since the last call, if anything did. */
  check(): void {
    if (this.#failure) {
      const failure = this.#failure;
      // Losing the device is final; any other failure has been told once it is thrown.
      if (!(failure instanceof DeviceLostError)) this.#failure = undefined;
      throw failure;
    }
    if (!this.#keepAlive) throw new DeviceError("the device is closed");
  }

  memory(): Memory {
    return this.pool.memory();
  }

  /**
   * The one way to run a kernel: binds, writes the params, records. `groups` are workgroup counts.
   * Throws LimitError, naming the tensor, for a binding larger than the adapter allows.
   */
  dispatch<S extends Shader>(
    spec: PipelineSpec<S>,
    bindings: BindingsOf<S, Binding>,
    params: ParamsOf<S>,
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
    const pipeline = this.pipelines.get(spec as PipelineSpec);
    const list: Binding[] = [];
    let key = `${pipeline.id}`;
    let bytes = 0;
    for (const { name } of shader.bindings) {
      const b = (bindings as Record<string, Binding>)[name];
      if (!b) throw new DeviceError(`${shader.name}: no buffer bound to ${name}`);
      if (b.bytes > this.limits.maxStorageBufferBindingSize)
        throw new LimitError(
          `${shader.name}: ${b.name ?? name} has ${b.bytes} bytes; the adapter binds at most ${this.limits.maxStorageBufferBindingSize} (maxStorageBufferBindingSize). Use a smaller batch or image`,
        );
      list.push(b);
      bytes += b.bytes;
      key += `,${b.buffer.id}:${b.offset ?? 0}:${b.bytes}`;
    }
    const group = this.#groups.get(key) ?? this.#makeGroup(key, pipeline, list);
    if (this.#slot === paramSlots) this.flush();
    const offset = this.#slot * paramSlot;
    this.#writeParams(shader, params as Record<string, number | readonly number[]>, offset);
    if (this.#profile) this.#openTimedPass(pipeline);
    const pass = this.#openPass();
    if (this.#bound !== pipeline) {
      pass.setPipeline(pipeline.gpu);
      this.#bound = pipeline;
    }
    pass.setBindGroup(0, group, [offset]);
    pass.dispatchWorkgroups(groups[0], groups[1], groups[2]);
    this.#slot++;
    for (const b of list) b.buffer.usedIn = this.#batch;
    this.counts.dispatches++;
    for (const observe of this.observers) observe({ pipeline, groups, bytes });
    if (this.#slot >= flushDispatches) this.flush();
  }

  #makeGroup(key: string, pipeline: Pipeline, list: readonly Binding[]): GPUBindGroup {
    if (this.#groups.size > 8192) this.#groups.clear();
    const group = this.#device.createBindGroup({
      layout: pipeline.layout,
      entries: [
        { binding: 0, resource: { buffer: this.#params, offset: 0, size: pipeline.spec.shader.paramBytes } },
        ...list.map((b, i) => ({
          binding: i + 1,
          resource: { buffer: b.buffer.gpu, offset: b.offset ?? 0, size: Math.max(4, Math.ceil(b.bytes / 4) * 4) },
        })),
      ],
    });
    this.#groups.set(key, group);
    return group;
  }

  #writeParams(shader: Shader, params: Record<string, number | readonly number[]>, base: number): void {
    for (const p of shader.params) {
      const value = params[p.name];
      const list = typeof value === "number" ? [value] : value;
      if (list === undefined) throw new DeviceError(`${shader.name}: no value for the param ${p.name}`);
      for (let i = 0; i < list.length; i++) {
        const at = base + p.offset + 4 * i;
        if (p.type === "f32" || p.type === "vec4f") this.#stagingView.setFloat32(at, list[i], true);
        else if (p.type === "i32" || p.type === "vec4i") this.#stagingView.setInt32(at, list[i], true);
        else this.#stagingView.setUint32(at, list[i], true);
      }
    }
  }

  #openPass(): GPUComputePassEncoder {
    if (!this.#pass) {
      this.#encoder ??= this.#device.createCommandEncoder();
      this.#pass = this.#encoder.beginComputePass();
      this.#bound = undefined;
    }
    return this.#pass;
  }

  /** A pass of its own for each dispatch, with the GPU's clock at both ends. */
  #openTimedPass(pipeline: Pipeline): void {
    const profile = this.#profile!;
    const at = 2 * profile.keys.length;
    if (at + 2 > profileSlots) return;
    profile.keys.push(pipeline.key);
    const encoder = this.#closePass();
    this.#pass = encoder.beginComputePass({
      timestampWrites: { querySet: profile.set, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 },
    });
    this.#bound = undefined;
  }

  /**
   * Times every kernel that `work` records, by the GPU's own clock, up to 2,048 dispatches; slower than plain running, since
   * each gets a pass of its own. Slowest first. Throws DeviceError where the adapter has no timestamps.
   */
  async profile(work: () => void | Promise<void>): Promise<KernelTime[]> {
    if (!this.features.has("timestamp-query")) throw new DeviceError("profile: the adapter offers no timestamp-query");
    await this.sync();
    const set = this.#device.createQuerySet({ type: "timestamp", count: profileSlots });
    const bytes = profileSlots * 8;
    const resolved = this.pool.acquire(bytes, "timestamps");
    const target = this.#device.createBuffer({ size: bytes, usage: 0x200 | 0x04, label: "timestamps" }); // QUERY_RESOLVE | COPY_SRC
    const profile = { set, keys: [] as string[] };
    this.#profile = profile;
    try {
      await work();
      const encoder = this.#closePass();
      if (profile.keys.length > 0) encoder.resolveQuerySet(set, 0, 2 * profile.keys.length, target, 0);
      encoder.copyBufferToBuffer(target, 0, resolved.gpu, 0, bytes);
      resolved.usedIn = this.#batch;
      this.#profile = undefined;
      const ticks = new BigUint64Array(await this.read({ buffer: resolved, bytes }));
      const times = new Map<string, { count: number; ms: number }>();
      profile.keys.forEach((key, i) => {
        const t = times.get(key) ?? { count: 0, ms: 0 };
        times.set(key, { count: t.count + 1, ms: t.ms + Number(ticks[2 * i + 1] - ticks[2 * i]) / 1e6 });
      });
      return [...times].map(([key, t]) => ({ key, ...t })).sort((a, b) => b.ms - a.ms);
    } finally {
      this.#profile = undefined;
      this.pool.release(resolved);
      target.destroy();
      set.destroy();
    }
  }

  #closePass(): GPUCommandEncoder {
    this.#pass?.end();
    this.#pass = undefined;
    this.#encoder ??= this.#device.createCommandEncoder();
    return this.#encoder;
  }

  /** Submits what is recorded. The params ring is rewritten in the queue's order, so earlier batches keep theirs. */
  flush(): void {
    if (!this.#encoder) return;
    const encoder = this.#closePass();
    this.#encoder = undefined;
    if (this.#slot > 0) this.#device.queue.writeBuffer(this.#params, 0, this.#staging, 0, this.#slot * paramSlot);
    this.#device.queue.submit([encoder.finish()]);
    this.#slot = 0;
    this.#batch++;
    this.counts.submits++;
  }

  /** Copies bytes from the host. Waits for nothing; commands recorded before still see the old content. */
  write(binding: Binding, data: ArrayBufferView): void {
    this.check();
    if (binding.buffer.usedIn === this.#batch) this.flush(); // writeBuffer would overtake recorded commands
    if (data.byteLength === 0) return;
    const padded = data.byteLength % 4 === 0 ? data : padTo4(data);
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
    const encoder = this.#closePass();
    encoder.copyBufferToBuffer(
      from.buffer.gpu,
      from.offset ?? 0,
      to.buffer.gpu,
      to.offset ?? 0,
      Math.ceil(from.bytes / 4) * 4,
    );
    from.buffer.usedIn = to.buffer.usedIn = this.#batch;
  }

  /** Sets the bytes to zero. */
  clear(binding: Binding): void {
    this.check();
    this.#closePass().clearBuffer(binding.buffer.gpu, binding.offset ?? 0, Math.ceil(binding.bytes / 4) * 4);
    binding.buffer.usedIn = this.#batch;
  }

  /** Reads bytes back: the one wait of a computation. Rejects with DeviceLostError when the device goes meanwhile; never gives zeros. */
  async read(binding: Binding): Promise<ArrayBuffer> {
    return (await this.readAll([binding]))[0];
  }

  /** Reads several ranges back in one wait. */
  async readAll(bindings: readonly Binding[]): Promise<ArrayBuffer[]> {
    this.check();
    this.counts.readBacks++;
    const sizes = bindings.map((b) => Math.max(4, Math.ceil(b.bytes / 4) * 4));
    const total = sizes.reduce((a, b) => a + b, 0);
    const target = this.#device.createBuffer({ size: total, usage: 0x01 | 0x08, label: "read-back" }); // MAP_READ | COPY_DST
    try {
      const encoder = this.#closePass();
      let at = 0;
      bindings.forEach((b, i) => {
        encoder.copyBufferToBuffer(b.buffer.gpu, b.offset ?? 0, target, at, sizes[i]);
        at += sizes[i];
      });
      this.flush();
      try {
        await target.mapAsync(1);
      } catch (error) {
        throw await Promise.race([
          this.lost,
          new Promise<Error>((done) => setTimeout(() => done(new DeviceError(`reading back failed: ${error}`)), 200)),
        ]);
      }
      await this.pipelines.settled();
      this.check();
      at = 0;
      const mapped = target.getMappedRange(); // ranges asked for one by one must start at multiples of 8 and not overlap
      return bindings.map((b, i) => {
        const out = mapped.slice(at, at + b.bytes);
        at += sizes[i];
        return out;
      });
    } finally {
      target.destroy();
    }
  }

  /** Submits and waits until everything recorded has run. */
  async sync(): Promise<void> {
    this.check();
    this.flush();
    await this.#device.queue.onSubmittedWorkDone();
    await this.pipelines.settled();
    this.check();
  }

  /** Loses the device at once, as a driver would: for tests of recovery. */
  destroy(): void {
    this.#failure ??= new DeviceLostError("destroyed", "the device was destroyed; open a new one with openDevice()");
    this.#pass = undefined;
    this.#encoder = undefined;
    this.#groups.clear();
    this.#device.destroy();
  }

  [Symbol.dispose](): void {
    this.destroy();
  }
}

const padTo4 = (data: ArrayBufferView): Uint8Array => {
  const out = new Uint8Array(Math.ceil(data.byteLength / 4) * 4);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return out;
};

/**
 * Opens a device and proves that it computes. Throws NoAdapterError with the commands that mend it, or DeviceError when
 * the self-test fails.
 */
export async function openDevice(options: DeviceOptions = {}): Promise<Device> {
  const { gpu, adapter, kind } = await findAdapter(options.adapter);
  const wanted = ["shader-f16", "subgroups", "timestamp-query"] as GPUFeatureName[];
  const limits: Record<string, number> = {};
  for (const name of [
    "maxBufferSize",
    "maxStorageBufferBindingSize",
    "maxComputeWorkgroupStorageSize",
    "maxComputeInvocationsPerWorkgroup",
    "maxComputeWorkgroupSizeX",
    "maxComputeWorkgroupSizeY",
    "maxComputeWorkgroupSizeZ",
    "maxStorageBuffersPerShaderStage",
  ] as const)
    limits[name] = adapter.limits[name];
  const gpuDevice = await adapter.requestDevice({
    requiredFeatures: wanted.filter((f) => adapter.features.has(f)),
    requiredLimits: limits,
  });
  const { vendor, architecture, description } = adapter.info;
  const bits = await selfTest(gpuDevice);
  const hash = adapterHash(adapter, bits);
  return new Device(gpuDevice, gpu, { vendor, architecture, description, kind, hash }, options);
}
