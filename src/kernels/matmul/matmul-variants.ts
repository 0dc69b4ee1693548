import { matrix } from "./matmul-matrix.ts";
import { split } from "./matmul-split.ts";
import { subgroup } from "./matmul-subgroup.ts";
import { tile } from "./matmul-tile.ts";
import { vec4 } from "./matmul-vec4.ts";
import { workgroup, workgroup128 } from "./matmul-workgroup.ts";

/** Every way to multiply matrices. A new one is a file and a place here. */
export const matmulVariants = [tile, subgroup, split, vec4, workgroup, workgroup128, matrix] as const;

export type MatmulVariantName = (typeof matmulVariants)[number]["name"];
