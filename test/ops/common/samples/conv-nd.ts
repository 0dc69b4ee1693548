/** Samples of convolutions over one or three axes. */
import { ConfigError } from "../../../../src/errors.ts";
import { type ErrorRow, type Row, refused, row, show } from "../sample.ts";

export interface Case {
  readonly x: readonly number[];
  /** Output channels. */
  readonly o: number;
  readonly k: readonly number[];
  readonly stride?: number | readonly number[];
  readonly padding?: readonly number[];
  readonly dilation?: number | readonly number[];
  readonly groups?: number;
  readonly bias?: false;
}

const plain = (axes: number) => ({
  stride: axes === 1 ? 1 : new Array<number>(axes).fill(1),
  padding: new Array<number>(2 * axes).fill(0),
  dilation: axes === 1 ? 1 : new Array<number>(axes).fill(1),
  groups: 1,
});

export const conv =
  (op: string, axes: number) =>
  (c: Case): Row => {
    const { x, o, k, bias, ...given } = c;
    const attrs = { ...plain(axes), ...given };
    const name = `${show(x)} to ${o} by ${show(k)} ${JSON.stringify(given)}${bias === false ? " without bias" : ""}`;
    const w = [o, x[1] / attrs.groups, ...k];
    return row(op, name, (d) => ({
      inputs: [d.uniform(x), d.uniform(w), ...(bias === false ? [] : [d.uniform([o])])],
      attrs,
    }));
  };

/** The same mistakes for any number of axes. */
export function mistakes(op: string, axes: number): ErrorRow[] {
  const size = (n: number): number[] => new Array<number>(axes).fill(n);
  const attrs = plain(axes);
  const misconfigured = (name: string, change: object, ...parts: string[]): ErrorRow => ({
    ...refused(
      name,
      [
        [1, 2, ...size(8)],
        [4, 2, ...size(3)],
      ],
      { ...attrs, ...change },
      op,
      ...parts,
    ),
    errorClass: ConfigError,
  });
  return [
    refused(
      "channels differ",
      [
        [2, 3, ...size(8)],
        [4, 5, ...size(3)],
      ],
      attrs,
      op,
      "C=3",
      "I=5",
    ),
    refused(
      "groups do not divide",
      [
        [2, 3, ...size(8)],
        [4, 1, ...size(3)],
      ],
      { ...attrs, groups: 2 },
      op,
      "C=3",
    ),
    refused(
      "groups do not divide the outputs",
      [
        [2, 4, ...size(8)],
        [3, 2, ...size(3)],
      ],
      { ...attrs, groups: 2 },
      op,
      "O=3",
    ),
    refused(
      "kernel larger than x",
      [
        [1, 1, ...size(4)],
        [1, 1, ...size(5)],
      ],
      attrs,
      op,
      "5",
      "4",
      "padding",
    ),
    refused("bias of another size", [[1, 1, ...size(4)], [2, 1, ...size(3)], [3]], attrs, op, "[2]"),
    refused(
      "no batch axis",
      [
        [1, ...size(4)],
        [2, 1, ...size(3)],
      ],
      attrs,
      op,
      `${axes + 2} dimensions`,
    ),
    refused(
      "weights of another rank",
      [
        [1, 1, ...size(4)],
        [2, 1, 3, ...size(3)],
      ],
      attrs,
      op,
      `${axes + 2} dimensions`,
    ),
    misconfigured("a stride of 0", { stride: axes === 1 ? 0 : size(0) }, "stride", "at least 1"),
    misconfigured("padding of one side too few", { padding: new Array(axes === 1 ? 3 : 5).fill(1) }, "padding"),
    misconfigured("a dilation of a half", { dilation: 0.5 }, "dilation", "integer"),
  ];
}
