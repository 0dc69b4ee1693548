import { escapeHtml } from "./escape.ts";

/** One axis of a chart: values to pixels of the drawing. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  at(value: number): number;
}

/** Round numbers inside [low, high], about `count` of them, at steps of 1, 2 or 5 times a power of ten. */
export const niceTicks = (low: number, high: number, count = 6): number[] => {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((m) => m * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
};

const place =
  (low: number, high: number, from: number, to: number) =>
  (value: number): number =>
    from + ((value - low) / (high - low)) * (to - from);

/** A linear axis over the finite values, rounded outwards to ticks; `zero` keeps 0 on it. */
export const linearAxis = (
  values: Iterable<number>,
  [from, to]: readonly [number, number],
  options: { zero?: boolean; count?: number } = {},
): Axis => {
  let low = options.zero ? 0 : Number.POSITIVE_INFINITY;
  let high = options.zero ? 0 : Number.NEGATIVE_INFINITY;
  for (const v of values)
    if (Number.isFinite(v)) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
  if (!(low <= high)) [low, high] = [0, 1];
  if (high - low < 1e-12 * Math.max(1, Math.abs(high)))
    [low, high] = low === 0 ? [0, 1] : [low - Math.abs(low) / 2, high + Math.abs(high) / 2];
  const coarse = niceTicks(low, high, options.count);
  const step = coarse.length > 1 ? coarse[1] - coarse[0] : high - low;
  low = Math.floor(low / step + 1e-9) * step;
  high = Math.ceil(high / step - 1e-9) * step;
  return { low, high, ticks: niceTicks(low, high, options.count), at: place(low, high, from, to) };
};

/** A logarithmic axis over the finite positive values; ticks at powers of ten, and 2 and 5 of them where there are few. */
export const logAxis = (values: Iterable<number>, [from, to]: readonly [number, number]): Axis => {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const v of values)
    if (v > 0 && Number.isFinite(v)) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
  if (high === 0) [low, high] = [0.1, 1];
  if (high / low < 2) [low, high] = [low / 1.5, high * 1.5];
  const decades = Math.log10(high / low);
  const ticks: number[] = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++)
    for (const m of decades < 2.5 ? [1, 2, 5] : [1]) {
      const tick = Number(`${m}e${e}`);
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  const linear = place(Math.log(low), Math.log(high), from, to);
  return { low, high, ticks, at: (value) => linear(Math.log(value)) };
};

/** A tick's number: no digits that say nothing. */
const tickText = (value: number): string =>
  (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4)
    ? value.toExponential()
    : String(Number(value.toPrecision(6)))
  ).replace("-", "−");

const n = (value: number): string => value.toFixed(1);

/** The horizontal axis below a drawing area, with grid lines. */
export const axisBelow = (
  axis: Axis,
  area: { top: number; bottom: number; left: number; right: number },
  label: string,
): string => {
  const ticks = axis.ticks.map((t) => {
    const x = n(axis.at(t));
    return `<line class="grid" x1="${x}" x2="${x}" y1="${area.top}" y2="${area.bottom}"/><text x="${x}" y="${area.bottom + 16}" text-anchor="middle">${tickText(t)}</text>`;
  });
  return `${ticks.join("")}<line class="axis" x1="${area.left}" x2="${area.right}" y1="${area.bottom}" y2="${area.bottom}"/><text class="label" x="${n((area.left + area.right) / 2)}" y="${area.bottom + 34}" text-anchor="middle">${escapeHtml(label)}</text>`;
};

/** The vertical axis at the left of a drawing area, with grid lines; its label stands above it. */
export const axisLeft = (
  axis: Axis,
  area: { top: number; left: number; right: number },
  label: string,
  format: (v: number) => string = tickText,
): string => {
  const ticks = axis.ticks.map((t) => {
    const y = axis.at(t);
    return `<line class="grid" x1="${area.left}" x2="${area.right}" y1="${n(y)}" y2="${n(y)}"/><text x="${area.left - 8}" y="${n(y + 4)}" text-anchor="end">${escapeHtml(format(t))}</text>`;
  });
  return `${ticks.join("")}<text class="label" x="${area.left - 8}" y="${area.top - 10}">${escapeHtml(label)}</text>`;
};
