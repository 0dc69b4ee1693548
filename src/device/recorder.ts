import { DeviceError } from "../errors.ts";
import type { Pipeline } from "./pipelines.ts";
import type { PooledBuffer } from "./pool.ts";
import type { KernelTimer } from "./profile.ts";
import type { Shader } from "./shader.ts";

/** A range of a pooled buffer, as a kernel sees it. `name` says what it is when it does not fit. */
export interface Binding {
  readonly buffer: PooledBuffer;
  /** Bytes; a multiple of 256. */
  readonly offset?: number;
  /** Bytes; by default the buffer from `offset`. */
  readonly bytes: number;
  readonly name?: string;
  /** Holds float16 numbers; kernels read and write them as float32. */
  readonly half?: boolean;
}

/** Bytes of one element of what is bound. */
export const elementBytes = (b: Binding): 2 | 4 => (b.half ? 2 : 4);

/** Values of a shader's params by name. */
export type Params = Readonly<Record<string, number | readonly number[]>>;

/** Bytes from one dispatch's params to the next: the alignment of dynamic offsets. */
export const paramSlot = 256;
const paramSlots = 512;
const flushDispatches = 128;
const keptGroups = 8192;

/** Writes params as a shader lays them out, from byte `base` on. */
export function writeParams(view: DataView, shader: Shader, params: Params, base: number): void {
  for (const p of shader.params) {
    const value = params[p.name];
    const list = typeof value === "number" ? [value] : value;
    if (list === undefined) throw new DeviceError(`${shader.name}: no value for the param ${p.name}`);
    for (let i = 0; i < list.length; i++) {
      const at = base + p.offset + 4 * i;
      if (p.type === "f32" || p.type === "vec4f") view.setFloat32(at, list[i], true);
      else if (p.type === "i32" || p.type === "vec4i") view.setInt32(at, list[i], true);
      else view.setUint32(at, list[i], true);
    }
  }
}

/**
 * Records dispatches into one open compute pass until they are submitted together. Params lie in a ring that is rewritten
 * in the queue's order at each submit, so that earlier batches keep theirs.
 */
export class Recorder {
  /** Set while kernels are timed: each dispatch then gets a pass of its own. */
  timer: KernelTimer | undefined;
  /** Counts submits: a buffer whose `usedIn` is this number is in commands that are not submitted yet. */
  batch = 0;
  readonly #device: GPUDevice;
  readonly #params: GPUBuffer;
  readonly #staging = new ArrayBuffer(paramSlot * paramSlots);
  readonly #view = new DataView(this.#staging);
  readonly #groups = new Map<string, GPUBindGroup>();
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #slot = 0;
  #bound: Pipeline | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#params = device.createBuffer({ size: paramSlot * paramSlots, usage: 0x40 | 0x08, label: "params" }); // UNIFORM | COPY_DST
  }

  /** Whether enough is recorded to be worth a submit. */
  get full(): boolean {
    return this.#slot >= flushDispatches;
  }

  /** @param key names pipeline and bindings, so that bind groups are made once. */
  record(
    pipeline: Pipeline,
    key: string,
    bindings: readonly Binding[],
    params: Params,
    groups: readonly [number, number, number],
  ): void {
    const group = this.#groups.get(key) ?? this.#makeGroup(key, pipeline, bindings);
    if (this.#slot === paramSlots) this.flush();
    const offset = this.#slot * paramSlot;
    writeParams(this.#view, pipeline.spec.shader, params, offset);
    const pass = this.#openPass(pipeline);
    if (this.#bound !== pipeline) {
      pass.setPipeline(pipeline.gpu);
      this.#bound = pipeline;
    }
    pass.setBindGroup(0, group, [offset]);
    pass.dispatchWorkgroups(groups[0], groups[1], groups[2]);
    this.#slot++;
    for (const b of bindings) b.buffer.usedIn = this.batch;
  }

  #makeGroup(key: string, pipeline: Pipeline, bindings: readonly Binding[]): GPUBindGroup {
    if (this.#groups.size > keptGroups) this.#groups.clear();
    const group = this.#device.createBindGroup({
      layout: pipeline.layout,
      entries: [
        { binding: 0, resource: { buffer: this.#params, offset: 0, size: pipeline.spec.shader.paramBytes } },
        ...bindings.map((b, i) => ({
          binding: i + 1,
          resource: { buffer: b.buffer.gpu, offset: b.offset ?? 0, size: Math.max(4, Math.ceil(b.bytes / 4) * 4) },
        })),
      ],
    });
    this.#groups.set(key, group);
    return group;
  }

  #openPass(pipeline: Pipeline): GPUComputePassEncoder {
    const timed = this.timer?.passFor(pipeline.key);
    if (timed) this.endPass();
    if (!this.#pass) {
      this.#encoder ??= this.#device.createCommandEncoder();
      this.#pass = this.#encoder.beginComputePass(timed);
      this.#bound = undefined;
    }
    return this.#pass;
  }

  /** Ends the open pass, for commands that stand outside of one. */
  endPass(): GPUCommandEncoder {
    this.#pass?.end();
    this.#pass = undefined;
    this.#encoder ??= this.#device.createCommandEncoder();
    return this.#encoder;
  }

  /** Submits what is recorded; false where there is nothing. */
  flush(): boolean {
    if (!this.#encoder) return false;
    const encoder = this.endPass();
    this.#encoder = undefined;
    if (this.#slot > 0) this.#device.queue.writeBuffer(this.#params, 0, this.#staging, 0, this.#slot * paramSlot);
    this.#device.queue.submit([encoder.finish()]);
    this.#slot = 0;
    this.batch++;
    return true;
  }

  /** Bind groups hold buffers: they go before a buffer is destroyed. */
  forgetGroups(): void {
    this.#groups.clear();
  }

  /** Lets go of everything that is not submitted. */
  drop(): void {
    this.#pass = undefined;
    this.#encoder = undefined;
    this.#groups.clear();
  }
}
