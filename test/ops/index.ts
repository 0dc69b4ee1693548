/** The ops of the table by name: one test file each, found by folder (scripts/list-ops.ts). */
import type { OpTest } from "./common/op-test.ts";
import { list } from "./list.ts";

export const ops: Readonly<Record<string, OpTest>> = Object.fromEntries(list.map((op) => [op.name, op]));

export type { OpTest } from "./common/op-test.ts";
