/**
 * x [N, C, H, W], w [C, O/groups, kH, kW], optional bias [O]: every pixel adds its multiple of the kernel to the result.
 * Samples: mixed rows, and a block of stride 2 over sizes, kernels, paddings and output paddings.
 */
import { ConfigError } from "../../../src/errors.ts";
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Attrs, eachIndex, numberOf, numbersOf } from "../common/ref.ts";
import { bilinear, type Visit } from "../common/reference/conv-nd.ts";
import { type ErrorRow, type Row, refused, row, show } from "../common/sample.ts";
import { overlaps, product } from "../common/tolerance/conv.ts";
import { peak } from "../common/tolerance/sums.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

function transposedShape(x: readonly number[], w: readonly number[], attrs: Attrs): number[] {
  const stride = numbersOf(attrs, "stride");
  const dilation = numbersOf(attrs, "dilation");
  const padding = numbersOf(attrs, "padding");
  const extra = numbersOf(attrs, "output_padding");
  const out = [0, 1].map(
    (i) =>
      (x[2 + i] - 1) * stride[i] + dilation[i] * (w[2 + i] - 1) + 1 - padding[2 * i] - padding[2 * i + 1] + extra[i],
  );
  return [x[0], w[1] * numberOf(attrs, "groups"), ...out];
}

function eachSpread(x: readonly number[], w: readonly number[], attrs: Attrs, visit: Visit): void {
  const [, o, h, width] = transposedShape(x, w, attrs);
  const [sh, sw] = numbersOf(attrs, "stride");
  const [dh, dw] = numbersOf(attrs, "dilation");
  const [top, , left] = numbersOf(attrs, "padding");
  const perGroup = x[1] / numberOf(attrs, "groups");
  eachIndex(x, ([n, c, y, px], at) => {
    const first = Math.floor(c / perGroup) * w[1];
    eachIndex(w.slice(1), ([f, ky, kx], t) => {
      const oy = y * sh + ky * dh - top;
      const ox = px * sw + kx * dw - left;
      if (oy < 0 || oy >= h || ox < 0 || ox >= width) return;
      visit(at, c * w[1] * w[2] * w[3] + t, ((n * o + first + f) * h + oy) * width + ox);
    });
  });
}

const tolerance: ToleranceRule = {
  // Each output adds C/groups channels of the pixels whose kernel reaches it, and the bias.
  forward({ inputs: [x, w, bias], attrs, u }) {
    const reach = overlaps(attrs, w.shape.slice(2), x.shape.slice(2));
    const terms = (x.shape[1] / numberOf(attrs, "groups")) * reach + (bias ? 1 : 0);
    return u * Math.sqrt(terms) * Math.max(peak(x) * peak(w), bias ? peak(bias) : 0);
  },
  grad({ inputs: [x, w], input, gradOut, u }) {
    const g = peak(gradOut);
    if (input === 0) return u * Math.sqrt(product(w.shape.slice(1))) * g * peak(w);
    const places = input === 1 ? x.shape : gradOut.shape;
    return u * Math.sqrt(places[0] * product(places.slice(2))) * g * (input === 1 ? peak(x) : 1);
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
  readonly output_padding?: Two;
  readonly dilation?: Two;
  readonly groups?: number;
  readonly bias?: false;
}

const mixed: readonly Case[] = [
  { x: [1, 1, 1, 1], o: 1, k: [1, 1] },
  { x: [1, 1, 5, 7], o: 1, k: [3, 3], bias: false },
  { x: [2, 3, 7, 5], o: 4, k: [1, 1] },
  { x: [2, 3, 8, 11], o: 4, k: [3, 3], padding: [1, 1, 1, 1] },
  { x: [1, 4, 9, 7], o: 3, k: [3, 3], padding: [2, 2, 2, 2], dilation: [2, 2] },
  { x: [1, 2, 6, 5], o: 3, k: [3, 3], stride: [3, 1], padding: [2, 0, 1, 3], dilation: [1, 3] },
  { x: [2, 2, 4, 5], o: 3, k: [3, 2], stride: [3, 4], padding: [1, 2, 0, 1], output_padding: [2, 3], dilation: [4, 2] },
  // An output padding of the stride or more is legal where the dilation is larger still.
  { x: [1, 2, 4, 3], o: 2, k: [2, 3], output_padding: [2, 1], dilation: [3, 2] },
  { x: [1, 3, 5, 4], o: 2, k: [4, 2], stride: [1, 3], padding: [0, 3, 1, 0], bias: false },
  { x: [1, 2, 3, 17], o: 3, k: [1, 5], stride: [1, 3], padding: [0, 0, 2, 2] },
  { x: [1, 2, 17, 3], o: 3, k: [5, 1], stride: [3, 1], padding: [1, 2, 0, 0], bias: false },
  { x: [2, 4, 5, 6], o: 6, k: [3, 3], padding: [1, 1, 1, 1], groups: 2 },
  { x: [1, 5, 6, 4], o: 5, k: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1], output_padding: [1, 1], groups: 5 },
  { x: [1, 3, 4, 7], o: 9, k: [4, 3], stride: [2, 3], padding: [1, 0, 2, 1], groups: 3, bias: false },
  { x: [1, 6, 3, 4], o: 4, k: [2, 3], stride: [1, 2], padding: [0, 1, 3, 2], dilation: [3, 2], groups: 2 },
  // A stride beyond the kernel leaves rows that no pixel reaches: there the bias stands alone.
  { x: [1, 2, 3, 4], o: 3, k: [2, 1], stride: [4, 3], output_padding: [3, 2] },
  { x: [1, 2, 3, 4], o: 3, k: [2, 2], stride: [5, 3], bias: false },
  { x: [1, 17, 5, 6], o: 19, k: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] },
  { x: [2, 16, 8, 8], o: 8, k: [2, 2], stride: [2, 2] },
  { x: [1, 8, 16, 19], o: 3, k: [4, 4], stride: [2, 2], padding: [1, 1, 1, 1] },
  { x: [1, 3, 61, 64], o: 4, k: [1, 1] },
  { x: [1, 1, 13, 11], o: 2, k: [7, 7], stride: [4, 4], padding: [3, 3, 3, 3], output_padding: [3, 2] },
  { x: [0, 2, 5, 5], o: 3, k: [3, 3] },
];

const sizes: readonly Two[] = [
  [1, 1],
  [1, 4],
  [2, 3],
  [3, 2],
  [5, 5],
  [7, 4],
  [8, 13],
];

const kernels: readonly Two[] = [
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 4],
  [5, 5],
  [2, 3],
  [4, 1],
];

const paddings: readonly Four[] = [
  [0, 0, 0, 0],
  [1, 1, 1, 1],
  [2, 2, 2, 2],
  [0, 1, 2, 0],
];

const extras: readonly Two[] = [
  [0, 0],
  [1, 1],
  [0, 1],
];

/** Channels, groups, dilation and bias change from row to row, so that the block meets their mixtures as well. */
const variety: readonly Pick<Case, "x" | "o" | "groups" | "dilation" | "bias">[] = [
  { x: [1, 1, 0, 0], o: 1 },
  { x: [2, 3, 0, 0], o: 2, bias: false },
  { x: [1, 4, 0, 0], o: 6, groups: 2 },
  { x: [1, 2, 0, 0], o: 5, dilation: [2, 2] },
  { x: [1, 3, 0, 0], o: 3, groups: 3, bias: false, dilation: [1, 3] },
];

/** What peers get wrong. Half of the full product, so that each pair of sizes, kernels, paddings and extras still occurs. */
function strideTwo(): Case[] {
  const out: Case[] = [];
  for (const [s, [h, w]] of sizes.entries())
    for (const [i, k] of kernels.entries())
      for (const [p, padding] of paddings.entries())
        for (const [e, output_padding] of extras.entries()) {
          if ((s + i + p + e) % 2 === 1) continue;
          const { x, dilation = [1, 1], ...rest } = variety[(s + 2 * i + 3 * p + e) % variety.length];
          const [top, bottom, left, right] = padding;
          const tall = (h - 1) * 2 + dilation[0] * (k[0] - 1) + 1 - top - bottom + output_padding[0];
          const wide = (w - 1) * 2 + dilation[1] * (k[1] - 1) + 1 - left - right + output_padding[1];
          if (tall < 1 || wide < 1) continue;
          out.push({ ...rest, x: [x[0], x[1], h, w], k, stride: [2, 2], padding, output_padding, dilation });
        }
  return out;
}

const defaults = { stride: [1, 1], padding: [0, 0, 0, 0], output_padding: [0, 0], dilation: [1, 1], groups: 1 };

function transposed(c: Case): Row {
  const { x, o, k, bias, ...given } = c;
  const attrs = { ...defaults, ...given };
  const name = `${show(x)} to ${o} by ${show(k)} ${JSON.stringify(given)}${bias === false ? " without bias" : ""}`;
  const w = [x[1], o / attrs.groups, ...k];
  return row("conv_transpose2d", name, (d) => ({
    inputs: [d.uniform(x), d.uniform(w), ...(bias === false ? [] : [d.uniform([o])])],
    attrs,
  }));
}

const name = "conv_transpose2d";

const x = [2, 4, 5, 6];

const w = [4, 3, 3, 3];

const misconfigured = (what: string, change: object, ...parts: string[]): ErrorRow => ({
  ...refused(what, [x, w], { ...defaults, ...change }, name, ...parts),
  errorClass: ConfigError,
});

export const op: OpTest = {
  name,
  call: ([x, w, bias], a) =>
    T.convTranspose2d(x, w, {
      ...{ bias, stride: a.stride, padding: a.padding, outputPadding: a.output_padding, dilation: a.dilation },
      groups: a.groups,
    }),
  reference: bilinear(transposedShape, eachSpread),
  samples: {
    rows: [...mixed, ...strideTwo()].map(transposed),
    errors: [
      refused("channels differ", [x, [3, 3, 3, 3]], defaults, name, "C=4", "C=3"),
      refused("weights laid out as conv2d's", [x, [3, 4, 3, 3]], defaults, name, "[C, O / groups, kH, kW]"),
      refused("groups do not divide", [x, w], { ...defaults, groups: 3 }, name, "groups=3", "C=4"),
      refused("bias of the input's channels", [x, w, [4]], defaults, name, "bias", "[3]"),
      refused("padding takes all", [[1, 4, 1, 2], w], { ...defaults, padding: [2, 1, 0, 0] }, name, "padding", "0"),
      refused("an empty image", [[1, 4, 0, 2], w], defaults, name, "H=0"),
      refused("no batch axis", [[4, 5, 6], w], defaults, name, "4 dimensions"),
      refused("weights of rank 3", [x, [4, 3, 3]], defaults, name, "4 dimensions"),
      misconfigured(
        "an output padding of the stride",
        { stride: [2, 2], output_padding: [0, 2] },
        "outputPadding",
        "W",
        "1",
      ),
      misconfigured("a stride of 0", { stride: [1, 0] }, "stride", "at least 1"),
      misconfigured("negative padding", { padding: [0, -1, 0, 0] }, "padding"),
    ],
  },
  tolerance,
};
