/** T1 for sampling at the points of a grid, and for the grids of affine maps: sums of products. */
import { eachGridTap } from "../reference/grid.ts";
import { numbersOf } from "../reference/ref.ts";
import type { ToleranceRule } from "./tolerance.ts";
import { peak } from "./tolerance-sums.ts";

const gridSampleRule: ToleranceRule = {
  // Nearest copies; bilinear sums four products with weights up to 1.
  forward: ({ inputs: [x], attrs, u }) => (attrs.mode === "nearest" ? 0 : u * 2 * peak(x)),
  grad({ inputs: [x, grid], input, attrs, gradOut, want, u }) {
    const g = peak(gradOut);
    // Of the grid: over the channels, four products each, with the slope of a pixel's weight as one factor more.
    if (input === 1) {
      const [, c, h, w] = x.shape;
      const scale = u * Math.sqrt(4 * c) * g * peak(x) * (attrs.mode === "nearest" ? 0 : 0.5);
      return want.data.map((_, i) => scale * (i % 2 === 0 ? w : h));
    }
    // Of x: over the points that took the pixel, with weights up to 1.
    const terms = new Float64Array(want.data.length);
    eachGridTap(x.shape, grid, attrs, (from) => {
      terms[from]++;
    });
    return terms.map((n) => (attrs.mode === "nearest" && n <= 1 ? 0 : u * Math.sqrt(n) * g));
  },
};

const affineGridRule: ToleranceRule = {
  // Three products, with coordinates up to 1.
  forward: ({ inputs: [theta], u }) => u * Math.sqrt(3) * peak(theta),
  grad({ attrs, gradOut, u }) {
    const [h, w] = numbersOf(attrs, "size");
    return u * Math.sqrt(h * w) * peak(gradOut);
  },
};

export const gridRules: Readonly<Record<string, ToleranceRule>> = {
  grid_sample: gridSampleRule,
  affine_grid: affineGridRule,
};
