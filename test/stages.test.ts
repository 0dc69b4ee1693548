import { expect, test } from "vitest";
import { expected, left, stages } from "../scripts/test/stages.ts";

const stage = (name: string, lane: "device" | "host") =>
  ({ name, lane, command: "", args: [], counts: false, seconds: [0, 0] }) as const;
const two = [stage("a", "device"), stage("b", "device"), stage("c", "host")];
const seconds = new Map([
  ["a", 60],
  ["b", 30],
  ["c", 100],
]);

test("what is left is the longer lane's, less what has run and what ended early", () => {
  expect(left(two, seconds, new Map(), new Set())).toBe(100);
  expect(
    left(
      two,
      seconds,
      new Map([
        ["a", 10],
        ["c", 50],
      ]),
      new Set(),
    ),
  ).toBe(80);
  expect(left(two, seconds, new Map([["a", 70]]), new Set(["c"]))).toBe(30);
  expect(left(two, seconds, new Map([["a", 5]]), new Set(["a", "b", "c"]))).toBe(0);
});

test("every stage has an estimate, and a project of vitest each", () => {
  for (const [name, s] of expected("/nowhere")) expect(s, name).toBeGreaterThan(0);
  expect(stages.map((s) => s.name)).toEqual(expect.arrayContaining(["pure", "gpu", "model", "package", "browser"]));
});
