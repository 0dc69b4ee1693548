import { beforeAll, expect, test } from "vitest";
import type { Binding, Device } from "../../src/device/index.ts";
import { withSorted } from "../../src/kernels/index/radix-sort.ts";
import { copyStrided } from "../../src/kernels/layout/strided.ts";
import { Random } from "../../src/random.ts";
import { testDevice } from "../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const rows: [n: number, largest: number][] = [
  [1, 0],
  [63, 15],
  [65, 16],
  [1000, 3], // many equal: their order must stay
  [70_001, 65_536],
  [600_001, 1_000_003], // more than 64 keys in a block
];

test.each(rows)("%i keys up to %i come out in order, equal ones in the order of their numbers", async (n, largest) => {
  const before = device.memory().liveBuffers;
  const random = new Random(5).fork(`${n}`);
  const keys = Uint32Array.from({ length: n }, (_, i) => (i === n - 1 ? largest : random.integer(largest + 1)));
  const lend = (): Binding => ({ buffer: device.pool.acquire(4 * n, "test"), bytes: 4 * n });
  const [sorted, order] = [lend(), lend()];
  const copy = (from: Binding, to: Binding) =>
    copyStrided(device, { binding: from, offset: 0, strides: [1] }, { binding: to, offset: 0, strides: [1] }, [n]);
  withSorted(
    device,
    { n, largest },
    (to) => device.write({ ...to, bytes: 4 * n }, keys),
    (result) => {
      copy(result.keys, sorted);
      copy(result.order, order);
    },
  );
  const numbers = new Uint32Array(await device.read(order));
  const got = new Uint32Array(await device.read(sorted));
  const want = keys.map((_, i) => i);
  want.sort((a, b) => keys[a] - keys[b] || a - b);
  expect(Buffer.compare(Buffer.from(numbers.buffer), Buffer.from(want.buffer))).toBe(0);
  expect(got.every((key, i) => key === keys[want[i]])).toBe(true);
  for (const b of [sorted, order]) device.pool.release(b.buffer);
  expect(device.memory().liveBuffers).toBe(before);
});
