import { NIFTI1 } from "nifti-reader-js";
import { failing } from "../guard.ts";
import type { Volume } from "../image.ts";
import type { ReadLimits } from "../limits.ts";

export interface NiftiHeader {
  readonly fields: NIFTI1;
  readonly littleEndian: boolean;
  readonly size: readonly [number, number, number];
  readonly type: NiftiType;
  /** First byte of the voxels in the decompressed file, and one past the last. */
  readonly begin: number;
  readonly end: number;
  /** Voxel = slope * stored + inter; undefined where stored values are the values. */
  readonly scaling: { readonly slope: number; readonly inter: number } | undefined;
  /** srow_x, srow_y, srow_z. */
  readonly sform: readonly number[];
}

export interface NiftiType {
  readonly name: string;
  readonly bytes: number;
  /** The array voxels are kept in when they are not scaled: the narrowest that a Volume has and that holds them all. */
  readonly array: new (
    length: number,
  ) => Volume["data"];
}

export const headerBytes = 348;
/** The header and the four bytes that say whether extensions follow. */
export const leadBytes = 352;

/** NIfTI-1 datatype codes that are read. */
export const niftiTypes: ReadonlyMap<number, NiftiType> = new Map<number, NiftiType>([
  [2, { name: "uint8", bytes: 1, array: Uint8Array }],
  [4, { name: "int16", bytes: 2, array: Int16Array }],
  [8, { name: "int32", bytes: 4, array: Int32Array }],
  [16, { name: "float32", bytes: 4, array: Float32Array }],
  [64, { name: "float64", bytes: 8, array: Float64Array }],
  [256, { name: "int8", bytes: 1, array: Int16Array }],
  [512, { name: "uint16", bytes: 2, array: Uint16Array }],
  [768, { name: "uint32", bytes: 4, array: Float64Array }],
  [1024, { name: "int64", bytes: 8, array: Float64Array }],
  [1280, { name: "uint64", bytes: 8, array: Float64Array }],
]);

const refusedTypes: Record<number, string> = {
  1: "binary",
  32: "complex64",
  128: "RGB24",
  1536: "float128",
  1792: "complex128",
  2048: "complex256",
  2304: "RGBA32",
};

const fail = failing("nifti");

/** Endianness from sizeof_hdr, and by name what looks like NIfTI-1 but is not. */
const checkKind = (view: DataView): boolean => {
  if (view.byteLength < leadBytes)
    fail(
      "sizeof_hdr",
      0,
      `the file has ${view.byteLength} bytes, a NIfTI-1 header has ${leadBytes}; it is truncated or another format`,
    );
  const littleEndian = view.getInt32(0, true) === headerBytes;
  const sizeofHdr = view.getInt32(0, littleEndian);
  if (view.getInt32(0, true) === 540 || view.getInt32(0, false) === 540)
    fail("sizeof_hdr", 0, "this is NIfTI-2; convert it to NIfTI-1 (.nii.gz)");
  if (sizeofHdr !== headerBytes)
    fail("sizeof_hdr", 0, `sizeof_hdr is ${view.getInt32(0, true)}, it must be 348; this is not a NIfTI-1 file`);
  const magic = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + 344, 3));
  if (magic === "ni1") fail("magic", 344, "this is the header of a .hdr/.img pair; convert the pair to one .nii.gz");
  if (magic !== "n+1" || view.getUint8(347) !== 0)
    fail("magic", 344, "the magic is not n+1; this is Analyze 7.5 or another format, convert it to .nii.gz");
  return littleEndian;
};

const checkDims = (dims: readonly number[]): [number, number, number] => {
  const rank = dims[0];
  if (!(rank >= 1 && rank <= 7)) fail("dim[0]", 40, `dim[0], the number of axes, is ${rank}; it must be 1 to 7`);
  for (let i = 1; i <= rank; i++)
    if (dims[i] < 1) fail(`dim[${i}]`, 40 + 2 * i, `dim[${i}] is ${dims[i]}; it must be 1 to 32767`);
  const long = dims.slice(4, rank + 1).findIndex((d) => d > 1);
  if (long >= 0)
    fail(
      `dim[${long + 4}]`,
      48 + 2 * long,
      `dim[${long + 4}] is ${dims[long + 4]}: the file holds several volumes; extract one 3-D volume from it first`,
    );
  return [dims[1], rank >= 2 ? dims[2] : 1, rank >= 3 ? dims[3] : 1];
};

const checkType = (code: number, bits: number): NiftiType => {
  const type = niftiTypes.get(code);
  if (!type)
    return fail(
      "datatype",
      70,
      `datatype is ${code} (${refusedTypes[code] ?? "unknown"}); convert it to a real type such as int16 or float32`,
    );
  if (bits !== 8 * type.bytes)
    fail(
      "bitpix",
      72,
      `bitpix is ${bits}, but datatype ${type.name} has ${8 * type.bytes} bits; the header is damaged`,
    );
  return type;
};

const checkOffset = (offset: number): number => {
  if (!Number.isInteger(offset) || offset < leadBytes)
    fail("vox_offset", 108, `vox_offset is ${offset}; in a .nii file it must be a whole number of at least 352`);
  return offset;
};

/** A slope of 0 or NaN says that there is none (NIfTI-1 standard; NaN is what nibabel writes). */
const scalingOf = (slope: number, inter: number): NiftiHeader["scaling"] => {
  if (slope === 0 || Number.isNaN(slope)) return undefined;
  if (!Number.isFinite(slope)) fail("scl_slope", 112, `scl_slope is ${slope}; it must be finite`);
  if (!Number.isFinite(inter)) fail("scl_inter", 116, `scl_inter is ${inter}; it must be finite`);
  return slope === 1 && inter === 0 ? undefined : { slope, inter };
};

/** Checks and reads the first 352 bytes of a decompressed file; throws ParseError naming the field, its value and the cure. */
export const readNiftiHeader = (head: Uint8Array, limits: ReadLimits): NiftiHeader => {
  const littleEndian = checkKind(new DataView(head.buffer, head.byteOffset, head.byteLength));
  // A copy of its own: slice of a Node Buffer would share the pool.
  const own = Uint8Array.from(head.subarray(0, headerBytes)).buffer;
  const fields = new NIFTI1();
  fields.readHeader(own);
  const size = checkDims(fields.dims);
  for (let i = 1; i <= Math.min(3, fields.dims[0]); i++)
    if (!(fields.pixDims[i] > 0 && Number.isFinite(fields.pixDims[i])))
      fail(
        `pixdim[${i}]`,
        76 + 4 * i,
        `pixdim[${i}] is ${fields.pixDims[i]}; it must be a finite number above 0 (the voxel's size)`,
      );
  const type = checkType(fields.datatypeCode, fields.numBitsPerVoxel);
  const begin = checkOffset(fields.vox_offset);
  const bytes = size[0] * size[1] * size[2] * type.bytes;
  if (bytes > limits.maxDecodedBytes)
    fail(
      "dim",
      40,
      `the volume is ${size.join("x")} ${type.name}, ${bytes} bytes, more than limits.maxDecodedBytes = ${limits.maxDecodedBytes}; crop or resample it`,
    );
  const view = new DataView(own);
  return {
    fields,
    littleEndian,
    size,
    type,
    begin,
    end: begin + bytes,
    scaling: scalingOf(fields.scl_slope, fields.scl_inter),
    sform: Array.from({ length: 12 }, (_, i) => view.getFloat32(280 + 4 * i, littleEndian)),
  };
};
