/**
 * Pooling of [N, C, W], [N, C, H, W] or [N, C, D, H, W]; attrs { kernel, stride: one entry an axis, padding: [before, after] of each axis
 * in turn, dilation (max only), ceil_mode, count_include_pad and divisor_override (average only) }.
 */
import { type Attrs, eachIndex, numbersOf, type Ref, type Reference, stridesOf, zeros } from "../ref.ts";

interface Window {
  /** Place of the result. */
  readonly out: number;
  /** Places in the input that lie inside it, in row-major order. */
  readonly inside: readonly number[];
  /** How many of its taps lie in the input or its padding: all, unless ceil_mode lets it reach further. */
  readonly padded: number;
}

const dilationOf = (attrs: Attrs, axes: number): number[] =>
  attrs.dilation === undefined ? new Array<number>(axes).fill(1) : numbersOf(attrs, "dilation");

/** PyTorch's rule: rounded up with ceil_mode, but the last window must start inside the input or the padding before it. */
function windowsAlong(size: number, before: number, after: number, extent: number, stride: number, ceil: boolean) {
  const steps = (size + before + after - extent) / stride;
  const count = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
  return ceil && (count - 1) * stride >= size + before ? count - 1 : count;
}

function poolShape(x: readonly number[], attrs: Attrs): number[] {
  const kernel = numbersOf(attrs, "kernel");
  const stride = numbersOf(attrs, "stride");
  const padding = numbersOf(attrs, "padding");
  const dilation = dilationOf(attrs, kernel.length);
  const out = kernel.map((k, i) =>
    windowsAlong(
      x[2 + i],
      padding[2 * i],
      padding[2 * i + 1],
      1 + (k - 1) * dilation[i],
      stride[i],
      attrs.ceil_mode === true,
    ),
  );
  return [x[0], x[1], ...out];
}

export function eachWindow(x: readonly number[], attrs: Attrs, visit: (window: Window) => void): void {
  const kernel = numbersOf(attrs, "kernel");
  const stride = numbersOf(attrs, "stride");
  const padding = numbersOf(attrs, "padding");
  const dilation = dilationOf(attrs, kernel.length);
  const strides = stridesOf(x);
  eachIndex(poolShape(x, attrs), ([n, c, ...at], out) => {
    const inside: number[] = [];
    let padded = 0;
    eachIndex(kernel, (tap) => {
      const place = tap.map((t, i) => at[i] * stride[i] - padding[2 * i] + t * dilation[i]);
      if (place.every((p, i) => p < x[2 + i] + padding[2 * i + 1])) padded++;
      if (place.every((p, i) => p >= 0 && p < x[2 + i]))
        inside.push(place.reduce((s, p, i) => s + p * strides[2 + i], n * strides[0] + c * strides[1]));
    });
    visit({ out, inside, padded });
  });
}

/** The first of the largest values in row-major order; a NaN beats every number, as in PyTorch. -1 for a window of padding only. */
function winner(data: Float64Array, inside: readonly number[]): number {
  let best = -1;
  for (const at of inside) if (best < 0 || data[at] > data[best] || Number.isNaN(data[at])) best = at;
  return best;
}

export const maxPool: Reference = {
  forward([x], attrs) {
    const out = zeros(poolShape(x.shape, attrs));
    eachWindow(x.shape, attrs, ({ out: o, inside }) => {
      const at = winner(x.data, inside);
      out.data[o] = at < 0 ? -Infinity : x.data[at];
    });
    return out;
  },
  backward([x], attrs, gradOut) {
    const gx = zeros(x.shape);
    eachWindow(x.shape, attrs, ({ out, inside }) => {
      const at = winner(x.data, inside);
      if (at >= 0) gx.data[at] += gradOut.data[out];
    });
    return [gx];
  },
};

/** What a window's sum is divided by: a number given, all taps in the padded input, or those that lie inside. */
export function poolDivisor(attrs: Attrs, window: Window): number {
  if (typeof attrs.divisor_override === "number") return attrs.divisor_override;
  return attrs.count_include_pad === true ? window.padded : window.inside.length;
}

export const avgPool: Reference = {
  forward([x], attrs) {
    const out = zeros(poolShape(x.shape, attrs));
    eachWindow(x.shape, attrs, (window) => {
      let sum = 0;
      for (const at of window.inside) sum += x.data[at];
      out.data[window.out] = sum / poolDivisor(attrs, window);
    });
    return out;
  },
  backward([x]: readonly Ref[], attrs, gradOut) {
    const gx = zeros(x.shape);
    eachWindow(x.shape, attrs, (window) => {
      for (const at of window.inside) gx.data[at] += gradOut.data[window.out] / poolDivisor(attrs, window);
    });
    return [gx];
  },
};
