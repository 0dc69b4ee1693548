import { ConfigError } from "../../errors.ts";
import type { SoftArgmaxGrid } from "../../kernels/landmarks/soft-argmax2d.ts";
import type { KeysOf } from "../../options.ts";

/**
 * How the coordinate of cell j of n is told: "pixel": j; "kneel": j / n; "dsnt": (2j + 1) / n - 1, right for resizing by pixel
 * areas; "linspace": 2j / (n - 1) - 1, as Kornia, right for resizing by corners (-1 where n is 1, as torch.linspace).
 */
export type GridConvention = "pixel" | "kneel" | "dsnt" | "linspace";

export interface SoftArgmaxOptions {
  /** Sharpness, 1 / temperature: 1 takes the maps as logits. Default 1. */
  readonly beta?: number;
  /** Default "pixel". */
  readonly convention?: GridConvention;
}
/** @internal */
export const softArgmaxKeys: KeysOf<SoftArgmaxOptions> = { beta: 1, convention: 1 };

export interface SoftArgmaxAttrs {
  readonly beta: number;
  readonly convention: GridConvention;
}

const axes: Readonly<Record<GridConvention, (n: number) => readonly [scale: number, shift: number]>> = {
  pixel: () => [1, 0],
  kneel: (n) => [1 / n, 0],
  dsnt: (n) => [2 / n, 1 / n - 1],
  linspace: (n) => [n > 1 ? 2 / (n - 1) : 0, -1],
};

/** The options with their defaults. Throws ConfigError for a beta that is no number and a convention that is none. @internal */
export const softArgmaxAttrs = (op: string, { beta = 1, convention = "pixel" }: SoftArgmaxOptions): SoftArgmaxAttrs => {
  if (!Number.isFinite(beta)) throw new ConfigError("beta", `${op}: beta is ${beta}; give a finite number`);
  if (!Object.hasOwn(axes, convention))
    throw new ConfigError(
      "convention",
      `${op}: convention is ${convention}; use ${Object.keys(axes)
        .map((c) => `"${c}"`)
        .join(", ")}`,
    );
  return { beta, convention };
};

/** The grid for maps of some size, given as their shape is: [.., h, w]. @internal */
export const gridOf = (sizes: readonly number[], convention: GridConvention): SoftArgmaxGrid => {
  const list = [...sizes].reverse().map(axes[convention]);
  return { scale: list.map(([s]) => s), shift: list.map(([, s]) => s) };
};
