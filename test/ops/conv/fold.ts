/** attrs { kernel, stride, padding: [top, bottom, left, right], dilation, output_size }. */
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numbersOf } from "../common/ref.ts";
import { eachPixel, type Spread, spreadReference, taps } from "../common/reference/spread.ts";
import { refused } from "../common/sample.ts";
import { misconfigured, three, windowRow, windows } from "../common/samples/spread.ts";
import { spreadRule } from "../common/tolerance/conv.ts";

const fold: Spread = {
  shape: ([n, rows], attrs) => [n, rows / taps(attrs), ...numbersOf(attrs, "output_size")],
  each(x, attrs, visit) {
    eachPixel(this.shape(x, attrs), attrs, (pixel, entry) => visit(entry, pixel));
  },
};

export const op: OpTest = {
  name: "fold",
  call: ([x], a) =>
    T.fold(x, {
      stride: a.stride,
      padding: a.padding,
      dilation: a.dilation,
      kernelSize: a.kernel,
      outputSize: a.output_size,
    }),
  reference: spreadReference(fold),
  samples: {
    rows: windows.map(windowRow("fold")),
    errors: [
      refused("rows of another kernel", [[1, 10, 9]], { ...three, output_size: [5, 5] }, "fold", "10", "9"),
      refused("columns of another image", [[1, 9, 8]], { ...three, output_size: [5, 5] }, "fold", "8", "3 x 3 = 9"),
      refused("an image smaller than the kernel", [[1, 9, 1]], { ...three, output_size: [2, 5] }, "fold", "H=2"),
      refused("an image", [[1, 1, 5, 5]], { ...three, output_size: [5, 5] }, "fold", "3 dimensions"),
      misconfigured("fold", [1, 9, 9], { output_size: [0, 5] }, "outputSize", "at least 1"),
    ],
  },
  tolerance: spreadRule(fold),
};
