/**
 * x [N, C, H, W], w [O, C/groups, kH, kW], optional bias [O] -> [N, O, oH, oW]. A cross-correlation, as everywhere in deep
 * learning. attrs { stride: [h, w], padding: [top, bottom, left, right], dilation: [h, w], groups }.
 */
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Attrs, numberOf, numbersOf, type Ref, type Reference, zeros } from "../common/ref.ts";
import { windowCount } from "../common/reference/conv.ts";
import { type Row, refused, row, show } from "../common/sample.ts";
import { overlaps, peak } from "../common/tolerance/sums.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

function convShape(x: readonly number[], w: readonly number[], attrs: Attrs): number[] {
  const [sh, sw] = numbersOf(attrs, "stride");
  const [dh, dw] = numbersOf(attrs, "dilation");
  const [top, bottom, left, right] = numbersOf(attrs, "padding");
  return [x[0], w[0], windowCount(x[2], top, bottom, w[2], sh, dh), windowCount(x[3], left, right, w[3], sw, dw)];
}

/** Calls `visit(flat in x, flat in w, flat in the result)` for every product; padding contributes none. */
function eachTap(x: Ref, w: Ref, attrs: Attrs, visit: (p: number, q: number, o: number) => void): void {
  const [n, c, h, width] = x.shape;
  const [o, cg, kh, kw] = w.shape;
  const groups = numberOf(attrs, "groups");
  const [sh, sw] = numbersOf(attrs, "stride");
  const [dh, dw] = numbersOf(attrs, "dilation");
  const [top, , left] = numbersOf(attrs, "padding");
  const [, , oh, ow] = convShape(x.shape, w.shape, attrs);
  for (let b = 0; b < n; b++)
    for (let f = 0; f < o; f++) {
      const first = Math.floor(f / (o / groups)) * cg;
      for (let oy = 0; oy < oh; oy++)
        for (let ox = 0; ox < ow; ox++)
          for (let ci = 0; ci < cg; ci++)
            for (let ky = 0; ky < kh; ky++) {
              const y = oy * sh - top + ky * dh;
              if (y < 0 || y >= h) continue;
              for (let kx = 0; kx < kw; kx++) {
                const px = ox * sw - left + kx * dw;
                if (px < 0 || px >= width) continue;
                visit(
                  ((b * c + first + ci) * h + y) * width + px,
                  ((f * cg + ci) * kh + ky) * kw + kx,
                  ((b * o + f) * oh + oy) * ow + ox,
                );
              }
            }
    }
}

const reference: Reference = {
  forward([x, w, bias], attrs) {
    const out = zeros(convShape(x.shape, w.shape, attrs));
    const plane = out.shape[2] * out.shape[3];
    if (bias) for (let i = 0; i < out.data.length; i++) out.data[i] = bias.data[Math.floor(i / plane) % out.shape[1]];
    eachTap(x, w, attrs, (p, q, o) => {
      out.data[o] += x.data[p] * w.data[q];
    });
    return out;
  },
  backward([x, w, bias], attrs, gradOut) {
    const gx = zeros(x.shape);
    const gw = zeros(w.shape);
    eachTap(x, w, attrs, (p, q, o) => {
      gx.data[p] += gradOut.data[o] * w.data[q];
      gw.data[q] += gradOut.data[o] * x.data[p];
    });
    if (!bias) return [gx, gw];
    const gb = zeros(bias.shape);
    const plane = gradOut.shape[2] * gradOut.shape[3];
    for (let i = 0; i < gradOut.data.length; i++) gb.data[Math.floor(i / plane) % gradOut.shape[1]] += gradOut.data[i];
    return [gx, gw, gb];
  },
};

const tolerance: ToleranceRule = {
  // C/groups * kH * kW products, and the bias as one more term.
  forward({ inputs: [x, w, bias], u }) {
    const terms = w.shape[1] * w.shape[2] * w.shape[3] + (bias ? 1 : 0);
    return u * Math.sqrt(terms) * Math.max(peak(x) * peak(w), bias ? peak(bias) : 0);
  },
  grad({ inputs: [x, w], input, attrs, gradOut, u }) {
    const [n, o, oh, ow] = gradOut.shape;
    const g = peak(gradOut);
    if (input === 0)
      return u * Math.sqrt((o / numberOf(attrs, "groups")) * overlaps(attrs, w.shape.slice(2), gradOut)) * g * peak(w);
    return u * Math.sqrt(n * oh * ow) * g * (input === 1 ? peak(x) : 1);
  },
};

type Four = readonly [number, number, number, number];

type Two = readonly [number, number];

interface Case {
  readonly x: Four;
  /** Output channels. */
  readonly o: number;
  readonly k: Two;
  readonly stride?: Two;
  readonly padding?: Four;
  readonly dilation?: Two;
  readonly groups?: number;
  readonly bias?: false;
}

const cases: readonly Case[] = [
  { x: [1, 1, 1, 1], o: 1, k: [1, 1] },
  { x: [1, 1, 5, 7], o: 1, k: [3, 3], bias: false },
  { x: [2, 3, 7, 5], o: 4, k: [1, 1] },
  { x: [2, 3, 8, 11], o: 4, k: [3, 3], padding: [1, 1, 1, 1] },
  { x: [3, 2, 9, 6], o: 5, k: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1], bias: false },
  { x: [1, 4, 13, 11], o: 3, k: [3, 3], padding: [2, 2, 2, 2], dilation: [2, 2] },
  { x: [1, 2, 13, 17], o: 3, k: [3, 3], stride: [2, 1], padding: [2, 2, 3, 3], dilation: [1, 3] },
  { x: [2, 2, 11, 9], o: 3, k: [3, 3], stride: [3, 2], padding: [4, 4, 2, 2], dilation: [4, 2] },
  { x: [1, 3, 10, 7], o: 2, k: [3, 3], padding: [0, 1, 2, 0] },
  { x: [1, 3, 10, 7], o: 2, k: [4, 2], stride: [2, 1], padding: [1, 2, 0, 1] },
  { x: [1, 1, 17, 19], o: 2, k: [7, 7], stride: [2, 2], padding: [3, 3, 3, 3], bias: false },
  { x: [1, 1, 6, 23], o: 3, k: [1, 5], padding: [0, 0, 2, 2] },
  { x: [1, 2, 23, 6], o: 3, k: [5, 1], padding: [2, 2, 0, 0], bias: false },
  { x: [2, 4, 7, 9], o: 6, k: [3, 3], padding: [1, 1, 1, 1], groups: 2 },
  { x: [1, 6, 7, 5], o: 6, k: [3, 3], padding: [1, 1, 1, 1], groups: 6 },
  { x: [3, 3, 8, 5], o: 9, k: [3, 3], stride: [2, 2], padding: [0, 1, 0, 1], groups: 3, bias: false },
  { x: [1, 6, 11, 8], o: 4, k: [3, 2], stride: [1, 2], padding: [3, 0, 1, 2], dilation: [3, 1], groups: 2 },
  { x: [1, 1, 3, 2], o: 2, k: [3, 3], padding: [4, 4, 5, 5] },
  { x: [1, 5, 5, 7], o: 3, k: [5, 7] },
  { x: [1, 17, 5, 6], o: 19, k: [3, 3], padding: [1, 1, 1, 1] },
  { x: [2, 8, 16, 16], o: 16, k: [3, 3], padding: [1, 1, 1, 1] },
  { x: [1, 3, 31, 37], o: 8, k: [3, 3], padding: [1, 1, 1, 1], bias: false },
  { x: [1, 3, 64, 61], o: 8, k: [1, 1] },
  { x: [1, 2, 4, 4], o: 3, k: [2, 2], stride: [3, 3] },
  // Grouped and depthwise: odd counts, several channels from one, stride and dilation together.
  { x: [1, 5, 9, 11], o: 10, k: [3, 3], stride: [2, 2], padding: [2, 2, 2, 2], dilation: [2, 2], groups: 5 },
  { x: [2, 7, 10, 6], o: 7, k: [3, 3], stride: [1, 2], padding: [2, 1, 0, 3], dilation: [2, 1], groups: 7 },
  { x: [1, 6, 13, 8], o: 15, k: [2, 3], stride: [3, 3], padding: [0, 2, 2, 1], dilation: [2, 2], groups: 3 },
  {
    x: [2, 3, 12, 9],
    o: 9,
    k: [3, 5],
    stride: [2, 3],
    padding: [3, 0, 4, 4],
    dilation: [3, 2],
    groups: 3,
    bias: false,
  },
  { x: [1, 9, 16, 18], o: 18, k: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1], groups: 9 },
  { x: [0, 2, 5, 5], o: 3, k: [3, 3] },
];

const defaults = { stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 };

function conv(c: Case): Row {
  const { x, o, k, bias, ...given } = c;
  const attrs = { ...defaults, ...given };
  const name = `${show(x)} to ${o} by ${show(k)} ${JSON.stringify(given)}${bias === false ? " without bias" : ""}`;
  const w = [o, x[1] / attrs.groups, ...k];
  return row("conv2d", name, (d) => ({
    inputs: [d.uniform(x), d.uniform(w), ...(bias === false ? [] : [d.uniform([o])])],
    attrs,
  }));
}

export const op: OpTest = {
  name: "conv2d",
  call: ([x, w, bias], a) => T.conv2d(x, w, { bias, ...a }),
  reference,
  samples: {
    rows: cases.map(conv),
    errors: [
      refused(
        "channels differ",
        [
          [2, 3, 8, 8],
          [4, 5, 3, 3],
        ],
        defaults,
        "conv2d",
        "3",
        "5",
      ),
      refused(
        "groups do not divide",
        [
          [2, 3, 8, 8],
          [4, 1, 3, 3],
        ],
        { ...defaults, groups: 2 },
        "conv2d",
        "3",
        "2",
      ),
      refused(
        "groups do not divide the outputs",
        [
          [2, 4, 8, 8],
          [3, 2, 3, 3],
        ],
        { ...defaults, groups: 2 },
        "conv2d",
        "3",
        "2",
      ),
      refused(
        "kernel larger than the image",
        [
          [1, 1, 4, 4],
          [1, 1, 5, 3],
        ],
        defaults,
        "conv2d",
        "5",
        "4",
      ),
      refused("bias of another size", [[1, 1, 4, 4], [2, 1, 3, 3], [3]], defaults, "conv2d", "3", "2"),
      refused(
        "no batch axis",
        [
          [1, 4, 4],
          [2, 1, 3, 3],
        ],
        defaults,
        "conv2d",
        "4",
      ),
    ],
  },
  tolerance,
};
