import { chunksOf } from "../reduce/softmax.ts";
import { grid } from "./grid.ts";

/** `maps` = N * K heat-maps of h x w pixels. */
export interface MapDims {
  readonly maps: number;
  readonly h: number;
  readonly w: number;
}

/** The params of lib/maps.wgsl: how many invocations share a map, and the step from one pixel of an invocation to the next. */
export const shareMaps = ({ maps, h, w }: MapDims) => {
  const chunks = chunksOf({ outer: maps, length: h * w, inner: 1 });
  return { maps, size: h * w, w, chunks, stepX: chunks % w, stepY: Math.floor(chunks / w) };
};

/** A workgroup for each map. */
export const groupPerMap = (maps: number): [number, number, number] => grid(maps);
