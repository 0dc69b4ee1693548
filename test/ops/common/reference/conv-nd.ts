/** Convolutions over any number of axes, from the list of their products. */
import { type Attrs, eachIndex, numberOf, numbersOf, type Ref, type Reference, stridesOf, zeros } from "../ref.ts";
import { windowCount } from "./conv.ts";

export type Visit = (x: number, w: number, out: number) => void;

const list = (attrs: Attrs, name: string): number[] =>
  typeof attrs[name] === "number" ? [numberOf(attrs, name)] : numbersOf(attrs, name);

function convShapeNd(x: readonly number[], w: readonly number[], attrs: Attrs): number[] {
  const stride = list(attrs, "stride");
  const dilation = list(attrs, "dilation");
  const padding = list(attrs, "padding");
  const out = stride.map((s, i) => windowCount(x[2 + i], padding[2 * i], padding[2 * i + 1], w[2 + i], s, dilation[i]));
  return [x[0], w[0], ...out];
}

/** Every product of a convolution, as flat places in x, w and the result; padding contributes none. */
function eachProduct(x: readonly number[], w: readonly number[], attrs: Attrs, visit: Visit): void {
  const out = convShapeNd(x, w, attrs);
  const stride = list(attrs, "stride");
  const dilation = list(attrs, "dilation");
  const padding = list(attrs, "padding");
  const perGroup = w[0] / numberOf(attrs, "groups");
  const steps = stridesOf(x);
  eachIndex(out, (place, o) => {
    const first = Math.floor(place[1] / perGroup) * w[1];
    const taps = w.slice(1);
    const base = place[1] * taps.reduce((a, b) => a * b, 1);
    eachIndex(taps, ([c, ...tap], t) => {
      let at = place[0] * steps[0] + (first + c) * steps[1];
      for (let i = 0; i < tap.length; i++) {
        const p = place[2 + i] * stride[i] - padding[2 * i] + tap[i] * dilation[i];
        if (p < 0 || p >= x[2 + i]) return;
        at += p * steps[2 + i];
      }
      visit(at, base + t, o);
    });
  });
}

export const bilinear = (
  shapeOf: (x: readonly number[], w: readonly number[], attrs: Attrs) => number[],
  each: (x: readonly number[], w: readonly number[], attrs: Attrs, visit: Visit) => void,
): Reference => ({
  forward([x, w, bias], attrs) {
    const out = zeros(shapeOf(x.shape, w.shape, attrs));
    if (bias)
      eachIndex(out.shape, ([, channel], i) => {
        out.data[i] = bias.data[channel];
      });
    each(x.shape, w.shape, attrs, (p, q, o) => {
      out.data[o] += x.data[p] * w.data[q];
    });
    return out;
  },
  backward([x, w, bias], attrs, gradOut): Ref[] {
    const gx = zeros(x.shape);
    const gw = zeros(w.shape);
    each(x.shape, w.shape, attrs, (p, q, o) => {
      gx.data[p] += gradOut.data[o] * w.data[q];
      gw.data[q] += gradOut.data[o] * x.data[p];
    });
    if (!bias) return [gx, gw];
    const gb = zeros(bias.shape);
    eachIndex(gradOut.shape, ([, channel], i) => {
      gb.data[channel] += gradOut.data[i];
    });
    return [gx, gw, gb];
  },
});

export const convolution = bilinear(convShapeNd, eachProduct);
