import { beforeEach } from "vitest";

// Tests that count live buffers must not count what an earlier test left to the garbage collector: it is collected first.
const collect = (globalThis as { gc?: () => void }).gc;
beforeEach(async () => {
  if (!collect) throw new Error("the gpu tests want node --expose-gc; run them with vitest's projects");
  for (let i = 0; i < 2; i++) {
    collect();
    await new Promise((done) => setTimeout(done, 2));
  }
});
