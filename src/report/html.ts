import { DataError } from "../errors.ts";
import { type Curve, ecdfChart, lineChart, type Series, stripChart } from "./charts.ts";
import { base64, escapeHtml, formatNumber } from "./escape.ts";
import { style } from "./style.ts";

export type Tone = "plain" | "good" | "warn" | "bad";
export type Cell = string | number | null;

/** A part of a section. All text is plain text: it is escaped here, and nowhere else. */
export type Block =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "note"; readonly text: string; readonly tone?: Tone }
  | { readonly kind: "list"; readonly items: readonly string[] }
  /** Large numbers in cards: value "2.1 mm", label "median error". */
  | {
      readonly kind: "figures";
      readonly items: readonly { readonly label: string; readonly value: Cell; readonly tone?: Tone }[];
    }
  /** Numbers stand right-aligned; null is a dash. */
  | {
      readonly kind: "table";
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Cell[])[];
      readonly caption?: string;
    }
  /** PNG files, side by side; `wide`: two in a row. */
  | { readonly kind: "pictures"; readonly items: readonly Picture[]; readonly wide?: boolean }
  | {
      readonly kind: "strip" | "ecdf";
      readonly title: string;
      readonly unit: string;
      readonly series: readonly Series[];
      readonly limit?: number;
    }
  | {
      readonly kind: "lines";
      readonly title: string;
      readonly x: string;
      readonly y: string;
      readonly log?: boolean;
      readonly curves: readonly Curve[];
    }
  /** Text as it is, such as a configuration. */
  | { readonly kind: "code"; readonly text: string };

export interface Picture {
  readonly png: Uint8Array;
  /** What is to be seen, for those who do not see it. */
  readonly alt: string;
  readonly caption?: string;
}

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
  /** Shows the title alone until it is opened. */
  readonly folded?: boolean;
}

export interface Report {
  readonly title: string;
  /** A sentence or two below the title. */
  readonly lead?: string;
  readonly sections: readonly Section[];
}

const e = escapeHtml;
const cellText = (cell: Cell): string => e(typeof cell === "string" ? cell : formatNumber(cell));
const toneClass = (tone: Tone | undefined): string => (tone && tone !== "plain" ? ` ${tone}` : "");

const table = (columns: readonly string[], rows: readonly (readonly Cell[])[], caption: string | undefined): string => {
  for (const row of rows)
    if (row.length !== columns.length)
      throw new DataError(
        `report: a row has ${row.length} cells, the table ${columns.length} columns (${columns.join(", ")}); give one for each`,
      );
  // A column of numbers, with gaps perhaps, is aligned on the right, its heading too.
  const right = columns.map(
    (_, i) => rows.some((r) => typeof r[i] === "number") && rows.every((r) => typeof r[i] !== "string"),
  );
  const side = (i: number): string => (right[i] ? ' class="r"' : "");
  const head = columns.map((c, i) => `<th scope="col"${side(i)}>${e(c)}</th>`).join("");
  const body = rows.map((r) => `<tr>${r.map((c, i) => `<td${side(i)}>${cellText(c)}</td>`).join("")}</tr>`).join("\n");
  return `<div class="scroll"><table>${caption ? `<caption>${e(caption)}</caption>` : ""}<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
};

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const picture = ({ png, alt, caption }: Picture): string => {
  if (!signature.every((b, i) => png[i] === b))
    throw new DataError(`report: the picture "${alt}" is not a PNG; write it with writePng first`);
  return `<figure><img alt="${e(alt)}" src="data:image/png;base64,${base64(png)}">${caption ? `<figcaption>${e(caption)}</figcaption>` : ""}</figure>`;
};

const block = (b: Block): string => {
  switch (b.kind) {
    case "text":
      return `<p>${e(b.text)}</p>`;
    case "heading":
      return `<h3>${e(b.text)}</h3>`;
    case "note":
      return `<p class="note${toneClass(b.tone)}">${e(b.text)}</p>`;
    case "list":
      return `<ul>${b.items.map((i) => `<li>${e(i)}</li>`).join("")}</ul>`;
    case "figures":
      return `<div class="figures">${b.items.map((i) => `<div class="figure${toneClass(i.tone)}"><b>${cellText(i.value)}</b><span>${e(i.label)}</span></div>`).join("")}</div>`;
    case "table":
      return table(b.columns, b.rows, b.caption);
    case "pictures":
      return `<div class="pictures${b.wide ? " wide" : ""}">${b.items.map(picture).join("\n")}</div>`;
    case "strip":
      return `<h3>${e(b.title)}</h3>${stripChart(b.title, b.series, b)}`;
    case "ecdf":
      return `<h3>${e(b.title)}</h3>${ecdfChart(b.title, b.series, b)}`;
    case "lines":
      return `<h3>${e(b.title)}</h3>${lineChart(b.title, b.curves, b)}`;
    case "code":
      return `<pre>${e(b.text)}</pre>`;
  }
};

const section = ({ title, blocks, folded }: Section): string => {
  const inside = blocks.map(block).join("\n");
  return folded
    ? `<section><details><summary>${e(title)}</summary>${inside}</details></section>`
    : `<section><h2>${e(title)}</h2>${inside}</section>`;
};

/**
 * One HTML file that opens without a network: no scripts, no links, pictures inside; a content security policy forbids the
 * rest. Light or dark as the reader has it. Throws DataError for a picture that is no PNG or a row that does not fit.
 */
export const htmlReport = ({ title, lead, sections }: Report): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${e(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${e(title)}</h1>
${lead ? `<p class="lead">${e(lead)}</p>` : ""}
${sections.map(section).join("\n")}
<footer>Research software, not a medical device.</footer>
</main>
</body>
</html>
`;
