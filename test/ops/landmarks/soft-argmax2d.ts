import * as L from "../../../src/landmarks/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { softArgmax } from "../common/reference/soft-argmax.ts";
import { mapShapes, softArgmaxTable } from "../common/samples/maps.ts";
import { softArgmaxRule } from "../common/tolerance/soft-argmax.ts";

export const op: OpTest = {
  name: "soft_argmax2d",
  call: ([x], a) => L.softArgmax2d(x, { beta: a.beta, convention: a.convention }),
  reference: softArgmax,
  samples: softArgmaxTable("soft_argmax2d", mapShapes, 2, [2, 4, 4]),
  tolerance: softArgmaxRule,
};
