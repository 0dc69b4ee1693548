import { describe, expect, test } from "vitest";
import { linearAxis, logAxis, niceTicks } from "../../src/report/axis.ts";
import { ecdfChart, lineChart, stripChart } from "../../src/report/charts.ts";

const odd: [string, number[]][] = [
  ["nothing", []],
  ["one value", [3]],
  ["equal values", [2, 2, 2]],
  ["zeros", [0, 0]],
  ["only failed", [Number.POSITIVE_INFINITY, Number.NaN]],
  ["negative values", [-3, -1, 4]],
  ["tiny values", [1e-9, 2e-9]],
  ["huge values", [1e9, 5e12]],
];

/** No coordinate may be NaN or infinite, and none may lie outside the drawing. */
const checkDrawing = (svg: string): void => {
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
  for (const [, axis, value] of svg.matchAll(/\b(c?[xy])[12]?="(-?[\d.]+)"/g)) {
    expect(Number(value)).toBeGreaterThanOrEqual(-0.1);
    expect(Number(value)).toBeLessThanOrEqual((axis.endsWith("x") ? width : height) + 0.1);
  }
};

describe("charts", () => {
  test.each(odd)("draw %s", (_, values) => {
    const series = [
      { name: "a", values },
      { name: "b", values: [...values].reverse() },
    ];
    checkDrawing(stripChart("t", series, { unit: "mm", limit: 1 }));
    checkDrawing(ecdfChart("t", series, { unit: "mm", limit: 1 }));
    const curves = [{ name: "a", points: values.map((v, i) => [i, v] as const) }];
    checkDrawing(lineChart("t", curves, { x: "step", y: "loss" }));
    checkDrawing(lineChart("t", curves, { x: "step", y: "loss", log: true }));
  });

  test("a failed case counts: it moves the median and keeps the curve below 100 %", () => {
    const svg = stripChart("t", [{ name: "a", values: [1, 2, Number.POSITIVE_INFINITY] }], { unit: "mm" });
    expect(svg).toMatch(/class="value"[^>]*>2</);
    expect(svg).toContain("1 failed");
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(stripChart("t", [{ name: "a", values: [1, Number.NaN, Number.NaN] }], { unit: "mm" })).toMatch(
      /class="value"[^>]*>∞</,
    );
    const top = (values: number[]): number => {
      const path = /class="stroke c0" d="([^"]+)"/.exec(ecdfChart("t", [{ name: "a", values }], { unit: "mm" }))![1];
      return Number([...path.matchAll(/V([\d.]+)/g)].at(-1)![1]);
    };
    expect(top([1, 2])).toBe(44);
    expect(top([1, 2, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])).toBe((44 + 270) / 2);
  });

  test("long curves are thinned, their peaks stay", () => {
    const points = Array.from({ length: 50_000 }, (_, i) => [i, i === 31_234 ? 100 : 1 + (i % 2)] as const);
    const svg = lineChart("t", [{ name: "a", points }], { x: "step", y: "loss" });
    expect(svg.length).toBeLessThan(20_000);
    expect(svg).toMatch(/L[\d.]+ 44\.0/);
  });

  test("axes have round ticks", () => {
    expect(niceTicks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(niceTicks(-0.3, 0.31, 6)).toEqual([-0.2, 0, 0.2]);
    expect(linearAxis([0.5, 9.7], [0, 100], { zero: true })).toMatchObject({ low: 0, high: 10 });
    expect(logAxis([0.01, 100], [0, 100]).ticks).toEqual([0.01, 0.1, 1, 10, 100]);
    expect(logAxis([0.01, 100], [0, 100]).at(1)).toBeCloseTo(50);
  });
});
