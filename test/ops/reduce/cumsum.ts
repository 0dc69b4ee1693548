import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Ref, type Reference, zeros } from "../common/ref.ts";
import { axisOf, eachLine } from "../common/reference/indexing.ts";
import { along, noAxis } from "../common/samples/indexing.ts";
import type { Situation, Tolerance } from "../common/tolerance.ts";

const reference: Reference = {
  forward([x], attrs) {
    const out = zeros(x.shape);
    eachLine(x.shape, axisOf(attrs, x.shape.length), (places) => {
      let sum = 0;
      for (const p of places) {
        sum += x.data[p];
        out.data[p] = sum;
      }
    });
    return out;
  },
  backward([x], attrs, gradOut) {
    const gx = zeros(x.shape);
    eachLine(x.shape, axisOf(attrs, x.shape.length), (places) => {
      let sum = 0;
      for (const p of [...places].reverse()) {
        sum += gradOut.data[p];
        gx.data[p] = sum;
      }
    });
    return [gx];
  },
};

/** A running sum of K entries: u * sqrt(K) * the largest of them. */
const running = (x: Ref, s: Situation, reverse: boolean): Tolerance => {
  const out = new Float64Array(x.data.length);
  eachLine(x.shape, axisOf(s.attrs, x.shape.length), (places) => {
    let top = 0;
    (reverse ? [...places].reverse() : places).forEach((p, i) => {
      top = Math.max(top, Math.abs(x.data[p]));
      out[p] = i === 0 ? 0 : s.u * Math.sqrt(i + 1) * top;
    });
  });
  return out;
};

export const op: OpTest = {
  name: "cumsum",
  call: ([x], a) => T.cumsum(x, a.axis),
  reference,
  samples: {
    ...along(
      "cumsum",
      [
        [[0, 3], 1],
        [[3, 0], 1],
      ],
      (d, s) => d.uniform(s),
    ),
    errors: [noAxis],
  },
  tolerance: {
    forward: (s) => running(s.inputs[0], s, false),
    grad: (s) => running(s.gradOut, s, true),
  },
};
