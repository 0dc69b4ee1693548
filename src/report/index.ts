/** Pictures and one-file reports, as images and text: nothing here reads or writes a file. */
export type { Rgb } from "./canvas.ts";
export type { Curve, Series } from "./charts.ts";
export { formatNumber } from "./escape.ts";
export { type Block, type Cell, htmlReport, type Picture, type Report, type Section, type Tone } from "./html.ts";
export { sideBySide } from "./join.ts";
export { directionLetters } from "./orientation.ts";
export { type Outline, type OverlayOptions, type OverlayPoint, overlay, palette } from "./overlay.ts";
