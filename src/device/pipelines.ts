import { DeviceError } from "../errors.ts";
import { type PipelineSpec, pipelineKey, placeOf, specialize } from "./shader.ts";

export interface Pipeline {
  readonly id: number;
  readonly key: string;
  readonly gpu: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  readonly spec: PipelineSpec;
}

const compute = 4; // GPUShaderStage.COMPUTE

/** Compiled pipelines by key, with explicit bind-group layouts: binding 0 the params, then the storage buffers in order. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #cache = new Map<string, Pipeline>();
  readonly #layouts = new Map<string, { group: GPUBindGroupLayout; pipeline: GPUPipelineLayout }>();
  #made = 0;
  readonly #pending = new Set<Promise<void>>();
  readonly #fail: (error: Error) => void;

  /** @param fail is told of a compilation error, which arrives later than the call that caused it. */
  constructor(device: GPUDevice, fail: (error: Error) => void) {
    this.#device = device;
    this.#fail = fail;
  }

  /** Resolves once every pipeline made so far is known to be good or has been reported to `fail`; nothing to wait for gives undefined. */
  settled(): Promise<unknown> | undefined {
    return this.#pending.size === 0 ? undefined : Promise.all(this.#pending);
  }

  get size(): number {
    return this.#cache.size;
  }

  get(spec: PipelineSpec): Pipeline {
    const key = pipelineKey(spec);
    const known = this.#cache.get(key);
    if (known) return this.#same(known, spec);
    this.#device.pushErrorScope("validation");
    const { descriptor, group, module, lines } = this.#describe(spec);
    const gpu = this.#device.createComputePipeline(descriptor);
    const checked = this.#device.popErrorScope().then(
      async (error) => {
        if (!error) return;
        this.#cache.delete(key);
        this.#fail(await this.#explain(spec, module, lines, error.message));
      },
      () => undefined, // the device is gone, and says so itself
    );
    this.#pending.add(checked);
    checked.finally(() => this.#pending.delete(checked));
    return this.#keep(key, spec, gpu, group);
  }

  /** Compiles ahead, in parallel; rejects with file:line for a shader that does not compile. */
  async compile(spec: PipelineSpec): Promise<void> {
    const key = pipelineKey(spec);
    const known = this.#cache.get(key);
    if (known) return void this.#same(known, spec);
    this.#device.pushErrorScope("validation");
    const { descriptor, group, module, lines } = this.#describe(spec);
    const scope = this.#device.popErrorScope();
    try {
      const gpu = await this.#device.createComputePipelineAsync(descriptor);
      this.#keep(key, spec, gpu, group);
    } catch (error) {
      throw await this.#explain(spec, module, lines, String((await scope)?.message ?? (error as Error)?.message));
    }
  }

  /** Throws DeviceError where another shader of this name has been compiled: the key holds the name alone. */
  #same(known: Pipeline, { shader }: PipelineSpec): Pipeline {
    if (known.spec.shader !== shader && known.spec.shader.source !== shader.source)
      throw new DeviceError(
        `${shader.file}: the name ${shader.name} belongs to ${known.spec.shader.file}; give this shader another name`,
      );
    return known;
  }

  #keep(key: string, spec: PipelineSpec, gpu: GPUComputePipeline, layout: GPUBindGroupLayout): Pipeline {
    const pipeline = { id: this.#made++, key, gpu, layout, spec };
    this.#cache.set(key, pipeline);
    return pipeline;
  }

  #describe(spec: PipelineSpec) {
    const { code, lines } = specialize(spec);
    const module = this.#device.createShaderModule({ code, label: spec.shader.file });
    const { group, pipeline } = this.#layout(spec);
    const constants: Record<string, number> = {};
    for (const [k, v] of Object.entries(spec.overrides ?? {})) if (v !== undefined) constants[k] = v as number;
    const descriptor = {
      layout: pipeline,
      compute: { module, entryPoint: "main", constants },
      label: spec.shader.name,
    };
    return { descriptor, group, module, lines };
  }

  #layout(spec: PipelineSpec) {
    const access = spec.shader.bindings.map((b) => (b.access === "read" ? "r" : "w")).join("");
    const id = `${access}|${spec.shader.paramBytes}`;
    let found = this.#layouts.get(id);
    if (!found) {
      const uniform = { type: "uniform", hasDynamicOffset: true, minBindingSize: spec.shader.paramBytes } as const;
      const group = this.#device.createBindGroupLayout({
        entries: [
          { binding: 0, visibility: compute, buffer: uniform },
          ...[...access].map((a, i) => ({
            binding: i + 1,
            visibility: compute,
            buffer: { type: (a === "r" ? "read-only-storage" : "storage") as GPUBufferBindingType },
          })),
        ],
      });
      found = { group, pipeline: this.#device.createPipelineLayout({ bindGroupLayouts: [group] }) };
      this.#layouts.set(id, found);
    }
    return found;
  }

  async #explain(spec: PipelineSpec, module: GPUShaderModule, lines: number[], message: string): Promise<DeviceError> {
    const info = await module.getCompilationInfo().catch(() => undefined);
    const errors = (info?.messages ?? []).filter((m) => m.type === "error");
    const text = errors
      .map((m) => `${placeOf(spec.shader, lines[m.lineNum - 1] ?? m.lineNum)}:${m.linePos}: ${m.message}`)
      .join("\n");
    return new DeviceError(`shader ${pipelineKey(spec).replace(/\|+$/, "")} does not compile:\n${text || message}`);
  }
}
