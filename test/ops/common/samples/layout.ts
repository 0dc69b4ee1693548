/** Samples of ops that only move values. */
import { type Row, row } from "../sample.ts";

type Shape = readonly number[];

export const oneInput = (op: string, name: string, shape: Shape, attrs: Record<string, unknown>): Row =>
  row(op, name, (d) => ({ inputs: [d.uniform(shape)], attrs }));
