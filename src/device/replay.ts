import { DeviceError } from "../errors.ts";
import type { Pipeline } from "./pipelines.ts";
import type { Arena } from "./pool.ts";
import type { KernelTimer } from "./profile.ts";
import { type Binding, type Params, paramSlot, writeParams } from "./recorder.ts";

interface Dispatch {
  readonly pipeline: Pipeline;
  readonly group: GPUBindGroup;
  readonly offset: readonly [number];
  readonly groups: readonly [number, number, number];
}
interface Copy {
  readonly from: Binding;
  readonly to: Binding;
}
interface Clear {
  readonly clear: Binding;
}
type Command = Dispatch | Copy | Clear;

/** What a step records: its commands on buffers that stay its own, params that change from run to run, and host work. */
export class Recording {
  readonly #device: GPUDevice;
  readonly #arena: Arena;
  readonly #dispatches: {
    pipeline: Pipeline;
    bindings: readonly Binding[];
    params: Params | (() => Params);
    groups: readonly [number, number, number];
  }[] = [];
  readonly #order: (number | Copy | Clear)[] = [];
  readonly #each: (() => void)[] = [];
  readonly #mode: "strict" | "lenient";
  #spoiled: string | undefined;

  /** A strict one throws when the step does what cannot be repeated; a lenient one remembers it. */
  constructor(device: GPUDevice, arena: Arena, mode: "strict" | "lenient") {
    this.#device = device;
    this.#arena = arena;
    this.#mode = mode;
  }

  /** What the step did first that cannot be repeated. */
  get spoiled(): string | undefined {
    return this.#spoiled;
  }

  /** The step does what cannot be repeated. Throws DeviceError where the recording is strict. */
  spoil(reason: string): void {
    if (this.#mode === "strict") throw new DeviceError(`recordStep: ${reason}`);
    this.#spoiled ??= reason;
  }

  dispatch(
    pipeline: Pipeline,
    bindings: readonly Binding[],
    params: Params | (() => Params),
    groups: readonly [number, number, number],
  ): void {
    this.#order.push(this.#dispatches.length);
    this.#dispatches.push({ pipeline, bindings, params, groups });
    for (const b of bindings) this.#arena.uses(b.buffer);
  }

  copy(from: Binding, to: Binding): void {
    this.#order.push({ from, to });
    this.#arena.uses(from.buffer);
    this.#arena.uses(to.buffer);
  }

  clear(binding: Binding): void {
    this.#order.push({ clear: binding });
    this.#arena.uses(binding.buffer);
  }

  /** Work of the host that each run repeats, in front of the commands. */
  each(work: () => void): void {
    this.#each.push(work);
  }

  /** The step threw: nothing is kept. */
  abandon(): void {
    this.#arena.dispose();
  }

  /** Ends the recording. Throws DeviceError for a step that cannot be run again. */
  finish(): Replay {
    this.#arena.close();
    const list = this.#dispatches;
    const bytes = Math.max(paramSlot, list.length * paramSlot);
    if (bytes > this.#device.limits.maxBufferSize)
      throw new DeviceError(`recordStep: ${list.length} dispatches; record a smaller part of the step`);
    const staging = new DataView(new ArrayBuffer(bytes));
    const changing: (() => void)[] = [];
    const params = this.#device.createBuffer({ size: bytes, usage: 0x40 | 0x08, label: "params of a step" }); // UNIFORM | COPY_DST
    const groups = new Map<string, GPUBindGroup>();
    const dispatches = list.map((d, i): Dispatch => {
      const at = i * paramSlot;
      const { params: given } = d;
      const write = (p: Params) => writeParams(staging, d.pipeline.spec.shader, p, at);
      if (typeof given === "function") {
        changing.push(() => write(given()));
        write(given());
      } else write(given);
      const key = `${d.pipeline.id}${d.bindings.map((b) => `,${b.buffer.id}:${b.offset ?? 0}:${b.bytes}`).join("")}`;
      let group = groups.get(key);
      if (!group) {
        const { layout, spec } = d.pipeline;
        group = this.#device.createBindGroup({
          layout,
          entries: [
            { binding: 0, resource: { buffer: params, offset: 0, size: spec.shader.paramBytes } },
            ...d.bindings.map((b, k) => ({
              binding: k + 1,
              resource: { buffer: b.buffer.gpu, offset: b.offset ?? 0, size: Math.max(4, Math.ceil(b.bytes / 4) * 4) },
            })),
          ],
        });
        groups.set(key, group);
      }
      return { pipeline: d.pipeline, group, offset: [at], groups: d.groups };
    });
    this.#device.queue.writeBuffer(params, 0, staging.buffer as ArrayBuffer);
    const commands = this.#order.map((o) => (typeof o === "number" ? dispatches[o] : o));
    return new Replay(this.#device, this.#arena, commands, this.#each, { buffer: params, staging, changing });
  }
}

/** A step that can be run again: the same kernels on the same buffers, without making it anew on the host. */
export class Replay {
  readonly #device: GPUDevice;
  readonly #arena: Arena;
  readonly #commands: readonly Command[];
  readonly #each: readonly (() => void)[];
  readonly #params: { buffer: GPUBuffer; staging: DataView; changing: readonly (() => void)[] };
  #disposed = false;

  constructor(
    device: GPUDevice,
    arena: Arena,
    commands: readonly Command[],
    each: readonly (() => void)[],
    params: { buffer: GPUBuffer; staging: DataView; changing: readonly (() => void)[] },
  ) {
    this.#device = device;
    this.#arena = arena;
    this.#commands = commands;
    this.#each = each;
    this.#params = params;
  }

  /** Dispatches, copies and clears of a run. */
  get length(): number {
    return this.#commands.length;
  }

  /** Whether all memory it reads and writes still exists: false once a tensor made outside the step was disposed. */
  get usable(): boolean {
    return !this.#disposed && this.#arena.intact;
  }

  /**
   * Submits all commands once more. What was recorded elsewhere must have been submitted. With a timer each dispatch gets a pass
   * of its own.
   */
  submit(timer?: KernelTimer): void {
    if (this.#disposed) throw new DeviceError("the recorded step was disposed; record it again");
    this.#arena.checkUsed();
    for (const work of this.#each) work();
    const { buffer, staging, changing } = this.#params;
    if (changing.length > 0) {
      for (const write of changing) write();
      this.#device.queue.writeBuffer(buffer, 0, staging.buffer as ArrayBuffer);
    }
    const encoder = this.#device.createCommandEncoder();
    let pass: GPUComputePassEncoder | undefined;
    let bound: Pipeline | undefined;
    for (const c of this.#commands) {
      if ("pipeline" in c) {
        if (!pass || timer) {
          pass?.end();
          pass = encoder.beginComputePass(timer?.passFor(c.pipeline.key));
          bound = undefined;
        }
        if (bound !== c.pipeline) {
          pass.setPipeline(c.pipeline.gpu);
          bound = c.pipeline;
        }
        pass.setBindGroup(0, c.group, c.offset);
        pass.dispatchWorkgroups(c.groups[0], c.groups[1], c.groups[2]);
        continue;
      }
      pass?.end();
      pass = undefined;
      if ("clear" in c) encoder.clearBuffer(c.clear.buffer.gpu, c.clear.offset ?? 0, Math.ceil(c.clear.bytes / 4) * 4);
      else
        encoder.copyBufferToBuffer(
          c.from.buffer.gpu,
          c.from.offset ?? 0,
          c.to.buffer.gpu,
          c.to.offset ?? 0,
          Math.ceil(c.from.bytes / 4) * 4,
        );
    }
    pass?.end();
    this.#device.queue.submit([encoder.finish()]);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#params.buffer.destroy();
    this.#arena.dispose();
  }
}
