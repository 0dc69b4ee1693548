import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isNull } from "../../src/device/adapter.ts";
import { lacking } from "../../src/device/embedded.ts";
import { bucketBytes, type Device, openDevice } from "../../src/device/index.ts";
import { parseShader } from "../../src/device/parse-shader.ts";
import { selfTest } from "../../src/device/self-test.ts";
import { ConfigError, DeviceError, DeviceLostError, LimitError, OutOfMemoryError } from "../../src/errors.ts";
import { map1 } from "../../src/kernels/wgsl/map1.ts";
import { testDevice } from "../harness/device.ts";

const twice = { shader: map1, exprs: { f: "a * 2.0 + p0" } };
const params = { n: 4, p0: 1, p1: 0 };
const four = (device: Device, what = "x") => ({ buffer: device.pool.acquire(16, what), bytes: 16 });

describe("options of openDevice", () => {
  test.each<[object, RegExp]>([
    [{ adapter: "webgl" }, /^openDevice: adapter is "webgl"; give "system" or "embedded", or leave it out$/],
    [{ maxBytes: -1 }, /^openDevice: maxBytes is -1; give bytes above 0$/],
    [{ maxBytes: Number.NaN }, /maxBytes/],
    [{ maxPooledBytes: -1 }, /maxPooledBytes is -1; give bytes of 0 or more/],
    [{ dawn: "vulkan" }, /dawn is "vulkan"; give a list/],
    [{ adaptor: "system" }, /it has no option "adaptor"; did you mean adapter\?/],
  ])("%o is refused", async (options, message) => {
    const opened = openDevice(options as never);
    await expect(opened).rejects.toThrow(ConfigError);
    await expect(opened).rejects.toThrow(message);
  });

  test("where only the embedded adapter was asked for, nothing is said of the system's", () => {
    const asked = lacking("linux-x64", false, true);
    expect(asked.message).toBe(
      "no embedded adapter: it needs Linux x64 and the package @sparticuz/chromium (the package is missing)",
    );
    expect(asked.fixes[0]).toMatch(/^npm install @sparticuz\/chromium/);
    expect(asked.fixes[1]).toContain('adapter: "system"');
    expect(lacking("darwin-arm64", true, true).fixes).toHaveLength(1);
    expect(lacking("darwin-arm64", true, true).message).toContain("(this is darwin-arm64)");
    expect(lacking("linux-x64", false, false).message).toContain("the system has none, and the embedded one needs");
  });
});

describe("an open device", () => {
  test("computes, and says what it is", async () => {
    const d = await testDevice();
    const x = four(d);
    const y = four(d);
    d.write(x, Float32Array.of(1, 2, 3, 4));
    d.dispatch(twice, { a: x, y }, params, [1, 1, 1]);
    expect([...new Float32Array(await d.read(y))]).toEqual([3, 5, 7, 9]);
    expect(d.info.architecture).not.toBe("");
    expect(d.info.hash).toMatch(/^[0-9a-f]{16}$/);
    d.pool.release(x.buffer);
    d.pool.release(y.buffer);
  });

  test("a write from the host does not overtake recorded commands that read the same memory", async () => {
    const d = await testDevice();
    const x = four(d);
    const y = four(d);
    d.write(x, Float32Array.of(1, 1, 1, 1));
    d.dispatch(twice, { a: x, y }, params, [1, 1, 1]);
    d.write(x, Float32Array.of(9, 9, 9, 9));
    expect([...new Float32Array(await d.read(y))]).toEqual([3, 3, 3, 3]);
    d.pool.release(x.buffer);
    d.pool.release(y.buffer);
  });

  test("many dispatches go in few submits", async () => {
    const d = await testDevice();
    const x = four(d);
    const y = four(d);
    d.write(x, new Float32Array(4));
    await d.sync();
    const before = { ...d.counts };
    for (let i = 0; i < 500; i++)
      d.dispatch(twice, i % 2 ? { a: x, y } : { a: y, y: x }, { n: 4, p0: i, p1: 0 }, [1, 1, 1]);
    await d.sync();
    expect(d.counts.dispatches - before.dispatches).toBe(500);
    expect(d.counts.submits - before.submits).toBeLessThanOrEqual(5);
    d.pool.release(x.buffer);
    d.pool.release(y.buffer);
  });

  test("another shader of a name that is taken is refused, the same text is not", async () => {
    const text = (body: string): string =>
      `struct Params { n: u32 }\n@group(0) @binding(0) var<uniform> params: Params;\n@compute @workgroup_size(1) fn main() { ${body} }`;
    const d = await openDevice();
    d.dispatch({ shader: parseShader(text("_ = params.n;"), "mine/twice.wgsl") }, {}, { n: 1 }, [1, 1, 1]);
    d.dispatch({ shader: parseShader(text("_ = params.n;"), "mine/twice.wgsl") }, {}, { n: 1 }, [1, 1, 1]);
    const other = parseShader(text("_ = params.n + 1u;"), "yours/twice.wgsl");
    expect(() => d.dispatch({ shader: other }, {}, { n: 1 }, [1, 1, 1])).toThrow(
      "yours/twice.wgsl: the name twice belongs to mine/twice.wgsl; give this shader another name",
    );
    await expect(d.pipelines.compile({ shader: other })).rejects.toThrow(DeviceError);
    d.destroy();
  });

  test("a shader that does not compile is reported with its file and line, at the next wait", async () => {
    const d = await testDevice();
    await expect(d.pipelines.compile({ shader: map1, exprs: { f: "a + unknown_name" } })).rejects.toThrow(
      /wgsl\/elementwise\/map1\.wgsl:\d+:\d+: .*unknown_name/,
    );
    const x = four(d);
    d.dispatch({ shader: map1, exprs: { f: "a + other_name" } }, { a: x, y: four(d) }, params, [1, 1, 1]);
    await expect(d.sync()).rejects.toThrow(/wgsl\/elementwise\/map1\.wgsl:\d+:\d+: .*other_name/);
    await d.sync();
  });

  test("what is wrong in a shared function is reported with the file and line it came from", async () => {
    const d = await testDevice();
    const lib = readFileSync(new URL("../../wgsl/lib/math.wgsl", import.meta.url), "utf8").split("\n");
    const line = lib.findIndex((l) => l.includes("return max(a, 0.0)")) + 1;
    const broken = {
      ...map1,
      name: "map1_broken",
      source: map1.source.replace("return max(a, 0.0)", "return max(a, zero)"),
    };
    await expect(d.pipelines.compile({ shader: broken })).rejects.toThrow(`wgsl/lib/math.wgsl:${line}:`);
  });

  test("released memory is lent again, and counted", async () => {
    const d = await testDevice();
    const before = d.memory();
    const a = d.pool.acquire(1000, "a");
    expect(d.memory().live - before.live).toBe(bucketBytes(1000));
    d.pool.release(a);
    const b = d.pool.acquire(1000, "b");
    expect(b.id).toBe(a.id);
    d.pool.release(b);
    expect(d.memory().live).toBe(before.live);
    expect(d.memory().liveBuffers).toBe(before.liveBuffers);
  });

  test("kernels are timed by the GPU's own clock, and run the same afterwards", async () => {
    const d = await testDevice();
    const x = four(d);
    const y = four(d);
    d.write(x, Float32Array.of(1, 2, 3, 4));
    const work = () => {
      d.dispatch(twice, { a: x, y }, params, [1, 1, 1]);
      d.dispatch(twice, { a: y, y: x }, params, [1, 1, 1]);
    };
    if (d.features.has("timestamp-query")) {
      const [time, ...rest] = await d.profile(work);
      expect(rest).toEqual([]);
      expect(time.count).toBe(2);
      expect(time.key).toContain("map1");
      expect(time.ms).toBeGreaterThanOrEqual(0);
    } else {
      await expect(d.profile(work)).rejects.toThrow(/timestamp-query/);
      work();
    }
    expect([...new Float32Array(await d.read(x))]).toEqual([7, 11, 15, 19]);
    d.pool.release(x.buffer);
    d.pool.release(y.buffer);
  });

  test("size buckets hold what they promise", () => {
    for (const n of [1, 255, 256, 257, 1000, 4096, 5000, 1e6, 123456789]) {
      expect(bucketBytes(n)).toBeGreaterThanOrEqual(n);
      expect(bucketBytes(n) % 256).toBe(0);
      if (n > 1024) expect(bucketBytes(n)).toBeLessThanOrEqual(n * 1.26);
    }
  });

  test("a binding larger than the adapter's limit names the tensor and its size", async () => {
    const d = await testDevice();
    const bytes = d.limits.maxStorageBufferBindingSize + 256;
    const x = { buffer: d.pool.acquire(256, "x"), bytes, name: "x [N=9, C=9]" };
    expect(() => d.dispatch(twice, { a: x, y: x }, params, [1, 1, 1])).toThrow(LimitError);
    expect(() => d.dispatch(twice, { a: x, y: x }, params, [1, 1, 1])).toThrow(`x [N=9, C=9] has ${bytes} bytes`);
    d.pool.release(x.buffer);
    expect(() => d.pool.acquire(d.limits.maxBufferSize + 4, "weights")).toThrow(
      /weights needs \d+ bytes.*maxBufferSize/,
    );
  });
});

describe("a device that goes", () => {
  test("the byte budget gives an error with what was wanted, used and allowed", async () => {
    const d = await openDevice({ adapter: (await testDevice()).info.kind, maxBytes: 4096 });
    const a = d.pool.acquire(3000, "a");
    expect(() => d.pool.acquire(3000, "activations")).toThrow(OutOfMemoryError);
    d.pool.release(a);
    expect(d.pool.acquire(3000, "b").bytes).toBeGreaterThanOrEqual(3000);
    d.destroy();
  });

  test("every later call throws DeviceLostError, and a pending read is refused instead of giving zeros", async () => {
    const d = await openDevice({ adapter: (await testDevice()).info.kind });
    const x = four(d);
    d.write(x, Float32Array.of(1, 2, 3, 4));
    const pending = d.read(x);
    d.destroy();
    await expect(pending).rejects.toThrow(DeviceLostError);
    expect(() => d.dispatch(twice, { a: x, y: x }, params, [1, 1, 1])).toThrow(DeviceLostError);
    expect(() => d.write(x, new Float32Array(4))).toThrow(DeviceLostError);
    await expect(d.read(x)).rejects.toThrow(DeviceLostError);
    await expect(d.sync()).rejects.toThrow(DeviceLostError);
    expect((await d.lost).reason).toBe("destroyed");
  });
});

describe("adapters that compute nothing or wrongly", () => {
  test("Dawn's null back end is recognized by its empty names", () => {
    expect(isNull({ info: { vendor: "", architecture: "" } } as GPUAdapter)).toBe(true);
    expect(isNull({ info: { vendor: "mesa", architecture: "software" } } as GPUAdapter)).toBe(false);
  });

  test("the self-test refuses an adapter that leaves memory as it was", async () => {
    // A device whose read-back holds zeros, as the null back end's does.
    const buffer = {
      mapAsync: async () => undefined,
      getMappedRange: () => new ArrayBuffer(32),
      destroy: () => undefined,
    };
    const pass = { setPipeline() {}, setBindGroup() {}, dispatchWorkgroups() {}, end() {} };
    const idle = {
      createBuffer: () => buffer,
      createShaderModule: () => ({}),
      createComputePipeline: () => ({ getBindGroupLayout: () => ({}) }),
      createBindGroup: () => ({}),
      createCommandEncoder: () => ({ beginComputePass: () => pass, copyBufferToBuffer() {}, finish: () => ({}) }),
      queue: { writeBuffer() {}, submit() {} },
    } as unknown as GPUDevice;
    await expect(selfTest(idle)).rejects.toThrow(DeviceError);
    await expect(selfTest(idle)).rejects.toThrow("2 + 2 gave 0");
  });
});
