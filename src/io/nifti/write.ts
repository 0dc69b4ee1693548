import { gzipSync } from "fflate";
import { DataError, GeometryError } from "../../errors.ts";
import { mat3 } from "../../geometry/index.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import type { Volume } from "../image.ts";
import { headerBytes, leadBytes } from "./header.ts";
import { headerPlacement } from "./placement.ts";

/** NIfTI-1 datatype code of an array, and how one of its values is written. */
const codeOf = (data: Volume["data"]): [code: number, put: (view: DataView, at: number, value: number) => void] => {
  if (data instanceof Uint8Array) return [2, (v, at, x) => v.setUint8(at, x)];
  if (data instanceof Int16Array) return [4, (v, at, x) => v.setInt16(at, x, true)];
  if (data instanceof Int32Array) return [8, (v, at, x) => v.setInt32(at, x, true)];
  if (data instanceof Float32Array) return [16, (v, at, x) => v.setFloat32(at, x, true)];
  if (data instanceof Float64Array) return [64, (v, at, x) => v.setFloat64(at, x, true)];
  return [512, (v, at, x) => v.setUint16(at, x, true)];
};

const check = ({ size, data, affine }: Volume): void => {
  if (!size.every((n) => Number.isInteger(n) && n >= 1 && n <= 32_767))
    throw new DataError(`writeNifti: the size is ${size.join("x")}; NIfTI-1 holds 1 to 32767 voxels an axis`);
  const count = size[0] * size[1] * size[2];
  if (data.length !== count)
    throw new DataError(`writeNifti: data has ${data.length} values, but ${size.join("x")} needs ${count}`);
  const numbers = [...affine.linear, ...affine.offset];
  if (!numbers.every(Number.isFinite) || mat3.determinant(affine.linear) === 0)
    throw new GeometryError(`writeNifti: the affine [${numbers.join(", ")}] must be finite and not singular`);
};

const writeNiftiKeys: KeysOf<{ readonly gzip?: boolean }> = { gzip: 1 };

/**
 * Volume -> NIfTI-1 single file, little endian, with sform and (unless the affine shears) qform in RAS millimeters, which
 * the format keeps as float32. The same volume gives the same bytes. Throws DataError or GeometryError.
 */
export const writeNifti = (volume: Volume, options: { readonly gzip?: boolean } = {}): Uint8Array => {
  checkOptions("writeNifti", options, writeNiftiKeys);
  check(volume);
  const { data } = volume;
  const [code, put] = codeOf(data);
  const place = headerPlacement(volume.affine);
  const file = new Uint8Array(leadBytes + data.byteLength);
  const view = new DataView(file.buffer);
  const int16 = (at: number, value: number) => view.setInt16(at, value, true);
  const float32 = (at: number, values: readonly number[]) => {
    for (const [i, v] of values.entries()) view.setFloat32(at + 4 * i, v, true);
  };
  view.setInt32(0, headerBytes, true);
  file[38] = 0x72; // "r", which Analyze 7.5 readers look for
  for (const [i, d] of [3, ...volume.size, 1, 1, 1, 1].entries()) int16(40 + 2 * i, d);
  int16(70, code);
  int16(72, 8 * data.BYTES_PER_ELEMENT);
  float32(76, [...place.pixdim, 1, 1, 1, 1]);
  float32(108, [leadBytes, 1, 0]); // vox_offset, scl_slope, scl_inter
  file[123] = 2; // xyzt_units: millimeters
  int16(252, place.quaternion ? 1 : 0);
  int16(254, 1);
  float32(256, [...(place.quaternion ?? [0, 0, 0]), ...place.offset]);
  float32(280, place.sform);
  file.set([0x6e, 0x2b, 0x31, 0], 344); // n+1
  for (let i = 0; i < data.length; i++) put(view, leadBytes + i * data.BYTES_PER_ELEMENT, data[i]);
  return options.gzip ? gzipSync(file, { level: 6, mtime: 0 }) : file;
};
