import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Module } from "../../src/nn/index.ts";
import { encoders, network } from "./networks.ts";

/** Names, shapes and numbers of parameters are those of torchvision, SMP and efficientnet_pytorch (scripts/golden/models/keys.py). */
const folder = new URL("../golden/keys/", import.meta.url);
const keys = (model: Module): string[] =>
  [...model.namedState()].map(([name, slot]) => [name, ...("shape" in slot ? slot.shape : [])].join(" "));

const files = readdirSync(folder).map((f) => f.replace(/\.txt$/, ""));
const read = (file: string): { count: number; lines: string[] } => {
  const [count, ...lines] = readFileSync(new URL(`${file}.txt`, folder), "utf8")
    .trim()
    .split("\n");
  return { count: Number(count), lines };
};

describe("keys and parameters", () => {
  test("there is a list for every encoder, alone, as a classifier and under every decoder that takes it", () => {
    for (const name of Object.keys(encoders)) {
      expect(files).toContain(name);
      expect(files).toContain(`classifier-${name}`);
      if (name !== "efficientnet-lite0")
        expect(files).toEqual(expect.arrayContaining([`unet-${name}`, `unet++-${name}`]));
    }
  });

  test.each(files)("%s", (file) => {
    const { count, lines } = read(file);
    const model = file in encoders ? encoders[file]() : network(file, 1000);
    expect(model.parameterCount()).toBe(count);
    const encoderKeys = new Set(file.startsWith("classifier-") ? keys(encoders[file.slice(11)]()) : []);
    const own = keys(model).filter((line) => !line.startsWith("encoder.") && !encoderKeys.has(line));
    expect(own.sort()).toEqual(lines.sort());
  });
});
