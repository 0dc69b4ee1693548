import { axisBelow, axisLeft, linearAxis, logAxis } from "./axis.ts";
import { escapeHtml, formatNumber } from "./escape.ts";

/** Values of one group, such as the errors of one method. */
export interface Series {
  readonly name: string;
  /** Infinite ones (refused cases) are counted, and told beside the drawing. */
  readonly values: readonly number[];
}

export interface Curve {
  readonly name: string;
  /** x and y, in the order of x. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

const width = 720;
const colors = 6;
const color = (i: number): string => `c${i % colors}`;
const n = (value: number): string => value.toFixed(1);

const frame = (height: number, title: string, body: string): string =>
  `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}"><title>${escapeHtml(title)}</title>${body}</svg>`;

/** The finite values, sorted; how many are not; and the value at a share of them all, failed ones counted as infinite. */
const sorted = (values: readonly number[]) => {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (rank: number): number => finite[rank] ?? Number.POSITIVE_INFINITY;
  const quantile = (share: number): number => {
    const rank = share * (values.length - 1);
    const part = rank - Math.floor(rank);
    return part === 0 ? at(rank) : at(Math.floor(rank)) * (1 - part) + at(Math.ceil(rank)) * part;
  };
  return { finite, failed: values.length - finite.length, quantile };
};

/** Names over a drawing, with a stroke of their color. */
const legend = (names: readonly string[], left: number, y: number): string => {
  let x = left;
  return names
    .map((name, i) => {
      const item = `<line class="stroke ${color(i)}" x1="${x}" x2="${x + 18}" y1="${y - 4}" y2="${y - 4}"/><text x="${x + 24}" y="${y}">${escapeHtml(name)}</text>`;
      x += 40 + 7 * name.length;
      return item;
    })
    .join("");
};

/**
 * A row of dots for each series, one a value; a bar at the median and a thin one at the 90th percentile. `limit` draws a
 * dashed line. Gives the text of an inline SVG.
 */
export const stripChart = (
  title: string,
  series: readonly Series[],
  options: { readonly unit: string; readonly limit?: number },
): string => {
  const row = 46;
  const left = 40 + 6.6 * Math.min(26, Math.max(8, ...series.map((s) => s.name.length)));
  const area = { top: 10, bottom: 10 + row * series.length, left, right: width - 96 };
  const all = series.flatMap((s) => s.values);
  const x = linearAxis(options.limit === undefined ? all : [...all, options.limit], [area.left, area.right], {
    zero: true,
  });
  const rows = series.map(({ name, values }, i) => {
    const y = area.top + row * (i + 0.5);
    const { finite, failed, quantile } = sorted(values);
    // The golden ratio spreads neighbors apart without any randomness.
    const dots = finite.map(
      (v, k) =>
        `<circle class="dot ${color(i)}" cx="${n(x.at(v))}" cy="${n(y + (((k * 0.618034) % 1) - 0.5) * row * 0.5)}" r="3.2"/>`,
    );
    const tick = (share: number, kind: string): string => {
      if (!Number.isFinite(quantile(share))) return "";
      const at = n(x.at(quantile(share)));
      return `<line class="${kind}" x1="${at}" x2="${at}" y1="${n(y - row * 0.36)}" y2="${n(y + row * 0.36)}"/>`;
    };
    const beside = values.length > 0 ? formatNumber(quantile(0.5)) : "–";
    return `<text x="${n(left - 12)}" y="${n(y + 4)}" text-anchor="end">${escapeHtml(name)}</text>${dots.join("")}${tick(0.5, "median")}${tick(0.9, "p90")}<text class="value" x="${area.right + 12}" y="${n(y + (failed > 0 ? -3 : 4))}">${beside}</text>${failed > 0 ? `<text class="label" x="${area.right + 12}" y="${n(y + 13)}">${failed} failed</text>` : ""}`;
  });
  const limit =
    options.limit === undefined
      ? ""
      : `<line class="limit" x1="${n(x.at(options.limit))}" x2="${n(x.at(options.limit))}" y1="${area.top}" y2="${area.bottom}"/>`;
  return frame(
    area.bottom + 42,
    title,
    axisBelow(x, area, `${options.unit}; thick bar: median (the figure at the right), thin bar: 90th percentile`) +
      limit +
      rows.join(""),
  );
};

/** Share of the cases that are no worse than x, a step curve for each series; failed cases keep a curve below 100 %. */
export const ecdfChart = (
  title: string,
  series: readonly Series[],
  options: { readonly unit: string; readonly limit?: number },
): string => {
  const area = { top: 44, bottom: 270, left: 56, right: width - 16 };
  const all = series.flatMap((s) => s.values);
  const x = linearAxis(options.limit === undefined ? all : [...all, options.limit], [area.left, area.right], {
    zero: true,
  });
  const y = linearAxis([0, 1], [area.bottom, area.top], { count: 5 });
  const steps = series.map(({ values }, i) => {
    const { finite } = sorted(values);
    let path = `M${n(x.at(Math.min(0, finite[0] ?? 0)))} ${n(y.at(0))}`;
    finite.forEach((v, k) => {
      path += `H${n(x.at(v))}V${n(y.at((k + 1) / values.length))}`;
    });
    return `<path class="stroke ${color(i)}" d="${path}H${area.right}"/>`;
  });
  const limit =
    options.limit === undefined
      ? ""
      : `<line class="limit" x1="${n(x.at(options.limit))}" x2="${n(x.at(options.limit))}" y1="${area.top}" y2="${area.bottom}"/>`;
  const axes = axisBelow(x, area, options.unit) + axisLeft(y, area, "", (v) => `${Math.round(100 * v)} %`);
  return frame(
    area.bottom + 42,
    title,
    axes +
      limit +
      steps.join("") +
      legend(
        series.map((s) => s.name),
        area.left,
        18,
      ),
  );
};

/** At most about 600 points, in which every span keeps its lowest and its highest: peaks stay. */
const thinned = (points: Curve["points"]): Curve["points"] => {
  const most = 600;
  if (points.length <= most) return points;
  const out: (readonly [number, number])[] = [];
  const span = (2 * points.length) / most;
  for (let from = 0; from < points.length; from += span) {
    const part = points.slice(Math.floor(from), Math.floor(from + span));
    if (part.length === 0) continue;
    const low = part.reduce((a, b) => (b[1] < a[1] ? b : a));
    const high = part.reduce((a, b) => (b[1] > a[1] ? b : a));
    out.push(...(low === high ? [low] : low[0] <= high[0] ? [low, high] : [high, low]));
  }
  return out;
};

/** Curves over steps or time, such as losses; on a logarithmic axis values of 0 and below are left out. */
export const lineChart = (
  title: string,
  curves: readonly Curve[],
  options: { readonly x: string; readonly y: string; readonly log?: boolean },
): string => {
  const area = { top: 44, bottom: 270, left: 64, right: width - 16 };
  const usable = curves.map((c) =>
    c.points.filter(([a, b]) => Number.isFinite(a) && Number.isFinite(b) && (!options.log || b > 0)),
  );
  const x = linearAxis(
    usable.flatMap((p) => p.map(([a]) => a)),
    [area.left, area.right],
  );
  const values = usable.flatMap((p) => p.map(([, b]) => b));
  const y = options.log ? logAxis(values, [area.bottom, area.top]) : linearAxis(values, [area.bottom, area.top]);
  const paths = usable.map((points, i) => {
    const d = thinned(points).map(([a, b], k) => `${k === 0 ? "M" : "L"}${n(x.at(a))} ${n(y.at(b))}`);
    const last =
      points.length === 1
        ? `<circle class="dot ${color(i)}" cx="${n(x.at(points[0][0]))}" cy="${n(y.at(points[0][1]))}" r="3.2"/>`
        : "";
    return `<path class="stroke ${color(i)}" d="${d.join("")}"/>${last}`;
  });
  const axes = axisBelow(x, area, options.x) + axisLeft(y, area, options.y);
  return frame(
    area.bottom + 42,
    title,
    axes +
      paths.join("") +
      legend(
        curves.map((c) => c.name),
        area.left + 8 + 7 * options.y.length,
        18,
      ),
  );
};
