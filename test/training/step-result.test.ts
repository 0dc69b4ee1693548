import { expect, test } from "vitest";
import { GradError } from "../../src/errors.ts";
import { type StepContext, Trainer } from "../../src/training/index.ts";
import { testDevice } from "../harness/device.ts";
import { type ToyBatch, toyOptions, toySource, toyStep } from "./toy.ts";

test.each([
  ["a promise", /returned a promise; write it without async/],
  ["nothing", /returned no loss/],
  ["an object without a loss", /returned no loss.*called loss/],
])("a step function that returns %s is told what to return", async (kind, message) => {
  const device = await testDevice();
  const options = toyOptions(device);
  const right = toyStep(options.model);
  const step = (context: StepContext<ToyBatch, undefined>): never => {
    const result = { error: right(context) };
    return (kind === "nothing" ? undefined : kind === "a promise" ? Promise.resolve(result) : result) as never;
  };
  const trainer = new Trainer({ ...options, step });
  const fit = trainer.fit(toySource(options.rng), { epochs: 1 });
  await expect(fit).rejects.toThrow(GradError);
  await expect(new Trainer({ ...options, step }).fit(toySource(options.rng), { epochs: 1 })).rejects.toThrow(message);
  options.model.dispose();
});
