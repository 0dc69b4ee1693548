import { describe, expect, test } from "vitest";
import { opFiles } from "../../scripts/list-ops.ts";
import { testDevice } from "../harness/device.ts";
import { isUnexpected, known, specialCases, specialDifferences } from "../harness/special.ts";

/** Elementwise ops at 0, -0, the largest numbers, infinities and NaN: as PyTorch, but for subnormals (harness/special.ts). */
const cases = specialCases();

/** They multiply by a random mask: no one number of PyTorch's is right. */
const masked = ["dropout", "channel-dropout", "drop-path"];

describe("elementwise ops at special numbers", () => {
  test("every one is recorded", () => {
    const recorded = new Set(cases.map((c) => `elementwise/${c.op.replaceAll("_", "-")}`));
    const wanted = opFiles().filter((f) => f.startsWith("elementwise/") && !masked.some((m) => f.endsWith(`/${m}`)));
    expect(
      wanted.filter((f) => !recorded.has(f)),
      "record them: python scripts/golden/special.py --out test/golden/special.json",
    ).toEqual([]);
  });

  test.each([...new Set(cases.map((c) => c.op))])("%s", async (op) => {
    const device = await testDevice();
    const found = [];
    for (const c of cases.filter((c) => c.op === op)) found.push(...(await specialDifferences(device, c)));
    expect(found.filter((d) => isUnexpected(op, d)).slice(0, 5)).toEqual([]);
    for (const k of known.filter((k) => k.op === op)) expect(found.some(k.is), `still differs: ${k.why}`).toBe(true);
  });
});
