import { describe, expect, test } from "vitest";
import { ConfigError } from "../src/errors.ts";
import { named, registry } from "../src/registry.ts";
import { makeSchedule, optimizerSpec, scheduleSpec } from "../src/training/index.ts";

describe("the registry", () => {
  test("gives what a name stands for, and refuses another with the names there are", () => {
    expect(named("tasks", "scouts")).toBe(registry.tasks.scouts);
    expect(() => named("losses", "heatmap-mae")).toThrow(ConfigError);
    expect(() => named("losses", "toString")).toThrow(/there is none called toString; there are heatmap-bce, heatmap-/);
  });

  test("calls a task, an optimizer and a schedule by the names that configurations use", () => {
    for (const [name, task] of Object.entries(registry.tasks)) expect(task.name).toBe(name);
    for (const [name, make] of Object.entries(registry.optimizers)) {
      const spec = make({ lr: 0.1 });
      expect(spec.rule).toBe(name);
      expect(optimizerSpec.parse(spec).options.lr).toBe(0.1);
    }
    for (const [name, make] of Object.entries(registry.schedules)) {
      const spec = make((name === "step" ? { every: 3 } : {}) as never);
      expect(spec.kind).toBe(name);
    }
    expect(scheduleSpec.parse({ kind: "cosine" })).toEqual({ kind: "cosine", end: 0, warmup: 0 });
    expect(() => makeSchedule({ kind: "step", every: 0 })).toThrow(/^step: every is 0; it must be from 1/);
  });
});
