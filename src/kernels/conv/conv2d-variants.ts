import { depthwise } from "./conv2d-depthwise.ts";
import { direct } from "./conv2d-direct.ts";
import { pointwise } from "./conv2d-pointwise.ts";
import { subgroup } from "./conv2d-subgroup.ts";
import { tile } from "./conv2d-tile.ts";
import { winograd } from "./conv2d-winograd.ts";
import { workgroup, workgroup128 } from "./conv2d-workgroup.ts";

/** Every way to run a 2-D convolution. A new one is a file and a place here. */
export const conv2dVariants = [
  direct,
  tile,
  workgroup,
  workgroup128,
  subgroup,
  winograd,
  pointwise,
  depthwise,
] as const;

export type Conv2dVariant = (typeof conv2dVariants)[number]["name"];
