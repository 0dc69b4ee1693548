/** attrs { kernel, stride, padding: [top, bottom, left, right], dilation }. */
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { eachPixel, type Spread, spreadReference, taps, windowsOf } from "../common/reference/spread.ts";
import { refused } from "../common/sample.ts";
import { misconfigured, three, windowRow, windows } from "../common/samples/spread.ts";
import { spreadRule } from "../common/tolerance/conv.ts";

const unfold: Spread = {
  shape([n, c, ...size], attrs) {
    const [down, across] = windowsOf(size, attrs);
    return [n, c * taps(attrs), down * across];
  },
  each: (x, attrs, visit) => eachPixel(x, attrs, visit),
};

export const op: OpTest = {
  name: "unfold",
  call: ([x], a) => T.unfold(x, { stride: a.stride, padding: a.padding, dilation: a.dilation, kernelSize: a.kernel }),
  reference: spreadReference(unfold),
  samples: {
    rows: windows.map(windowRow("unfold")),
    errors: [
      refused("kernel larger than the image", [[1, 1, 2, 5]], three, "unfold", "[3, 3]", "H=2"),
      refused("no batch axis", [[1, 5, 5]], three, "unfold", "4 dimensions"),
      refused("an empty image", [[1, 1, 0, 5]], { ...three, padding: [2, 2, 0, 0] }, "unfold", "H=0"),
      misconfigured("unfold", [1, 1, 5, 5], { stride: [0, 1] }, "stride", "at least 1"),
    ],
  },
  tolerance: spreadRule(unfold),
};
