import { describe, expect, test } from "vitest";
import { describeState, duration, openProgress } from "../../src/cli/progress.ts";

const pipe = () => {
  const lines: string[] = [];
  const stream = { isTTY: false, write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream;
  return { lines, stream };
};

describe("progress in a pipe", () => {
  test("writes a line at intervals, and the last state at the end", () => {
    const { lines, stream } = pipe();
    let time = 0;
    const progress = openProgress({ label: "train", stream, every: 10, now: () => time });
    for (let i = 1; i <= 25; i++) {
      time = i * 1000;
      progress.update({ done: i / 50, step: i, loss: 1 / i });
    }
    progress.stop();
    expect(lines).toEqual([
      "train: 2 %, step 1, loss 1.000, 49 s left\n",
      "train: 22 %, step 11, loss 0.09091, 39 s left\n",
      "train: 42 %, step 21, loss 0.04762, 29 s left\n",
      "train: 50 %, step 25, loss 0.04000, 25 s left\n",
    ]);
  });

  test("says nothing twice, and nothing where nothing was told", () => {
    const { lines, stream } = pipe();
    openProgress({ label: "x", stream }).stop();
    expect(lines).toEqual([]);
    const one = openProgress({ label: "x", stream });
    one.update({ done: 1 });
    one.stop();
    expect(lines).toHaveLength(1);
  });

  test("takes the caller's minutes, and survives a share that is no number", () => {
    expect(describeState({ done: 0.5, minutesLeft: 3.21 }, 100)).toBe("3.2 min left");
    expect(describeState({ done: 1, text: "case 3" }, 2)).toBe("case 3, 2.0 min in all");
    expect(duration(200)).toBe("3.3 h");
    const { lines, stream } = pipe();
    openProgress({ label: "x", stream }).update({ done: Number.NaN });
    expect(lines[0]).toMatch(/^x: 0 %/);
  });
});

test("on a terminal there is a bar", async () => {
  const parts: string[] = [];
  const stream = {
    isTTY: true,
    columns: 120,
    write: (part: string) => parts.push(part) > 0,
    on: () => stream,
  } as unknown as NodeJS.WriteStream;
  const progress = openProgress({ label: "train", stream });
  progress.update({ done: 0.5, step: 7, loss: 0.25 });
  progress.stop();
  const text = parts.join("");
  expect(text).toContain("█");
  expect(text).toContain("50 %");
  expect(text).toContain("step 7, loss 0.2500");
});
