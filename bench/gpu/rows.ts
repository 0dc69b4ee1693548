import { type ConvSize, product, type Workload } from "../workloads.ts";

const conv = (
  [n, c, side]: readonly [number, number, number],
  [o, k]: readonly [number, number],
  extra: { readonly padding?: number; readonly dilation?: number; readonly groups?: number } = {},
): ConvSize => {
  const { padding = k >> 1, dilation = 1, groups = 1 } = extra;
  return { x: [n, c, side, side], w: [o, c / groups, k, k], padding, dilation, groups };
};

/** Convolutions that fill a GPU; all lengths an eighth with `tiny`, to try the measuring without one. */
const convolutions = (tiny: boolean): Record<string, ConvSize> => {
  const s = tiny ? 8 : 1;
  const few = tiny ? 4 : 1;
  const square = (c: number, side: number): ConvSize => conv([16 / s, c / s, side / s], [c / s, 3]);
  return {
    "G conv 3x3 64->64 @256 b16": conv([16 / s, 64, 256 / s], [64, 3]),
    "G conv 3x3 128->128 @128 b16": conv([16 / s, 128, 128 / s], [128, 3]),
    "G conv 3x3 256->256 @64 b16": square(256, 64),
    "G conv 3x3 512->512 @32 b16": square(512, 32),
    "G conv 3x3 3->64 @512 b8": conv([8 / s, 3, 512 / s], [64, 3]),
    "G conv 1x1 512->512 @64 b16": conv([16 / s, 512 / s, 64 / s], [512 / s, 1]),
    "G conv 9x9 d4 32->64 @256 b4": conv([4 / few, 32 / s, 256 / s], [64 / s, 9], { padding: 16, dilation: 4 }),
    "G depthwise 5x5 576 @64 b16": conv([16 / s, 576 / s, 64 / s], [576 / s, 5], { groups: 576 / s }),
    "G grouped 3x3 g32 1024 @32 b16": conv([16 / s, 1024 / s, 32 / s], [1024 / s, 3], { groups: 32 / few }),
  };
};

/** Multiply-adds count two. */
const gflopOf = ({ x, w }: ConvSize): number => (2 * product(w) * x[0] * x[2] * x[3]) / 1e9;

/** Rows of a GPU's size, by the names that PyTorch's twin knows. */
export function gpuRows(pass: "fwd" | "fwdbwd", tiny: boolean): Workload[] {
  const rows = Object.entries(convolutions(tiny)).map(
    ([id, size]): Workload => ({
      id,
      kind: "kernel",
      shape: `x [${size.x}] w [${size.w}]`,
      pass,
      job: { type: "conv", size },
      gflop: gflopOf(size) * (pass === "fwd" ? 1 : 3),
    }),
  );
  if (pass === "fwd") return rows;
  const s = tiny ? 8 : 1;
  const shape = [16 / s, 64, 256 / s, 256 / s] as const;
  const layers: Workload[] = (
    [
      ["G batch norm [16,64,256,256]", "batchNorm"],
      ["G max pool [16,64,256,256]", "maxPool"],
    ] as const
  ).map(([id, type]) => ({ id, kind: "layer", shape: `[${shape}]`, pass, job: { type, shape } }));
  return [...rows, ...layers];
}
