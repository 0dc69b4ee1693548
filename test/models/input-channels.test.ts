import { describe, expect, test } from "vitest";
import { CheckpointError } from "../../src/errors.ts";
import { fitInputChannels, resnet18, vgg11 } from "../../src/models/index.ts";
import { drawnState } from "../harness/drawn.ts";

const first = (state: ReturnType<typeof drawnState>, name: string): Float32Array =>
  state.get(name)!.data as Float32Array;

describe("fitInputChannels", () => {
  const state = drawnState(resnet18());
  const rgb = first(state, "conv1.weight");

  test("one channel takes the sum of three, so that a gray image gives what it gave as three equal ones", () => {
    const fitted = fitInputChannels(state, resnet18({ inChannels: 1 }));
    expect(fitted.get("conv1.weight")!.shape).toEqual([64, 1, 7, 7]);
    expect(first(fitted, "conv1.weight")[50]).toBeCloseTo(rgb[148] + rgb[197] + rgb[246], 6);
    expect(first(fitted, "conv1.weight")[0]).toBeCloseTo(rgb[0] + rgb[49] + rgb[98], 6);
    expect(fitted.get("bn1.weight")).toBe(state.get("bn1.weight"));
  });

  test("other numbers take the channels in turn, times 3 / C", () => {
    const fitted = first(fitInputChannels(state, resnet18({ inChannels: 5 })), "conv1.weight");
    for (const c of [0, 1, 2, 3, 4]) expect(fitted[c * 49 + 3]).toBeCloseTo((rgb[(c % 3) * 49 + 3] * 3) / 5, 6);
  });

  test("three stay, and what is no checkpoint of three is refused by the weight's name", () => {
    expect(fitInputChannels(state, resnet18()).get("conv1.weight")).toBe(state.get("conv1.weight"));
    expect(state.get("conv1.weight")!.shape[1]).toBe(3);
    expect(() => fitInputChannels(state, vgg11({ inChannels: 1 }))).toThrow(CheckpointError);
    expect(() => fitInputChannels(state, vgg11({ inChannels: 1 }))).toThrow(/features\.0\.weight is missing/);
  });
});
