import { ShapeError } from "../../../errors.ts";
import { tidy } from "../../scope.ts";
import { normalizeAxes, show } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { squeeze } from "./join.ts";
import { reshape, slice } from "./layout.ts";

const placeOf = (op: string, x: Tensor, axis: number, index: number): number => {
  const size = x.shape[axis];
  const place = index < 0 ? index + size : index;
  if (!Number.isInteger(place) || place < 0 || place >= size)
    throw new ShapeError(
      `${op}: ${index} is outside dimension ${axis} of ${show(x.shape)}; ${size === 0 ? "nothing is there to take" : `use -${size} to ${size - 1}`}`,
    );
  return place;
};

/** The part of x at `index` along `axis`, without that dimension (torch.select); negative ones count from the end. */
export function select(x: Tensor, axis: number, index: number): Tensor {
  const [along] = normalizeAxes("select", axis, x.rank);
  const place = placeOf("select", x, along, index);
  const starts = x.shape.map((_, d) => (d === along ? place : 0));
  const ends = x.shape.map((size, d) => (d === along ? place + 1 : size));
  return tidy(() => squeeze(slice(x, starts, ends), along));
}

/** The part of x at indices along its first dimensions: at(x, 0, -1) is numpy's x[0, -1]. */
export function at(x: Tensor, ...index: number[]): Tensor {
  if (index.length > x.rank)
    throw new ShapeError(`at: ${index.length} indices for ${show(x.shape)}; give at most ${x.rank}`);
  const places = index.map((v, d) => placeOf("at", x, d, v));
  const ends = places.map((v) => v + 1);
  return tidy(() => reshape(slice(x, places, ends), x.shape.slice(index.length)));
}
