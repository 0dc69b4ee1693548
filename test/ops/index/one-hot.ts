import { ConfigError } from "../../../src/errors.ts";
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOf, type Reference, sizeOf, zeros } from "../common/ref.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { indices, lists } from "../common/samples/indexing.ts";
import { exact } from "../common/tolerance/pointwise.ts";

const reference: Reference = {
  forward([index], attrs) {
    const classes = numberOf(attrs, "classes");
    const out = zeros([...index.shape, classes]);
    index.data.forEach((c, i) => {
      out.data[i * classes + c] = 1;
    });
    return out;
  },
  backward: () => [null],
};

const hotLists = lists.filter((s) => sizeOf(s) < 500);

const samples: SampleTable = {
  rows: [...hotLists, ...hotLists.slice(0, 4)].map((shape, i) => {
    const classes = [2, 3, 7, 130][i % 4] + (i < hotLists.length ? 0 : 4);
    return row("one_hot", `${show(shape)} ${classes}`, (d) => ({
      inputs: [indices(d, shape, classes)],
      attrs: { classes },
    }));
  }),
  errors: [{ ...refused("no class", [[3]], { classes: 0 }, "one_hot", "numClasses", "0"), errorClass: ConfigError }],
};

export const op: OpTest = {
  name: "one_hot",
  call: ([i], a) => T.oneHot(T.cast(i, "i32"), a.classes),
  reference,
  samples,
  tolerance: exact,
};
