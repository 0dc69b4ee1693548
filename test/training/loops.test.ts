import { expect, test } from "vitest";
import { testDevice } from "../harness/device.ts";
import { loops } from "./loops.ts";

const collect = async (): Promise<void> => {
  for (let i = 0; i < 3; i++) {
    (globalThis as { gc?: () => void }).gc!();
    await new Promise((done) => setTimeout(done, 2));
  }
};
const steps = 100;

test.for(loops)("100 steps of $name hold what the loop's own variables name, and no more", async (loop) => {
  const device = await testDevice();
  const before = device.memory();
  const [held] = await loop.run(device, steps, [steps]);
  const { variables, between } = loop;
  expect(held.buffers).toBeLessThanOrEqual(steps * variables.buffers + between.buffers);
  expect(held.bytes).toBeLessThanOrEqual(steps * variables.bytes + between.bytes);
  await collect(); // nothing but the variables held them
  expect(device.memory().live - before.live).toBeLessThanOrEqual(variables.bytes + between.bytes);
});
