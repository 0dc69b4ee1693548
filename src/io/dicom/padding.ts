import type { DataSet } from "dicom-parser";

/** Stored values from `least` to `most` pad the picture outside what was measured (PS3.3 C.7.5.1.1.2). */
export interface Padding {
  readonly least: number;
  readonly most: number;
}

/**
 * PixelPaddingValue (0028,0120) and, where a range pads, PixelPaddingRangeLimit (0028,0121), in either order.
 * `stored` reads 16 bits as the pixels are read, whatever sign the elements' own VR claims.
 */
export const paddingOf = (set: DataSet, stored: (bits: number) => number): Padding | undefined => {
  const of = (tag: string): number | undefined => {
    const bits = (set.elements[tag]?.length ?? 0) >= 2 ? set.uint16(tag) : undefined;
    return bits === undefined ? undefined : stored(bits);
  };
  const value = of("x00280120");
  if (value === undefined) return undefined;
  const limit = of("x00280121") ?? value;
  return { least: Math.min(value, limit), most: Math.max(value, limit) };
};
