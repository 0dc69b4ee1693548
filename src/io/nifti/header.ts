import { NIFTI1 } from "nifti-reader-js";
import { failing } from "../guard.ts";
import type { Volume } from "../image.ts";
import type { ReadLimits } from "../limits.ts";
import type { Warn } from "../warning.ts";

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
  if (view.byteLength < headerBytes)
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
  if (magic === "ni1")
    fail(
      "magic",
      344,
      "this is the header of a NIfTI-1 .hdr/.img pair; convert the pair to one .nii.gz, for example with: fslchfiletype NIFTI_GZ FILE",
    );
  if (magic !== "n+1" || view.getUint8(347) !== 0)
    fail(
      "magic",
      344,
      view.byteLength === headerBytes
        ? "this is the header of an Analyze 7.5 .hdr/.img pair, which does not say where left and right are; convert the original images to .nii.gz"
        : "the magic is not n+1; this is Analyze 7.5 or another format, convert it to .nii.gz",
    );
  if (view.byteLength < leadBytes)
    fail("sizeof_hdr", 0, `the file ends with its header, after ${view.byteLength} bytes; it is truncated`);
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

const checkType = (code: number): NiftiType => {
  const type = niftiTypes.get(code);
  if (!type)
    return fail(
      "datatype",
      70,
      `datatype is ${code} (${refusedTypes[code] ?? "unknown"}); convert it to a real type such as int16 or float32`,
    );
  return type;
};

/** Where voxels begin. 0 is what some writers put for "right behind the header", which holds where no extension follows. */
const checkOffset = (offset: number, extended: boolean, warn: Warn): number => {
  if (offset === 0 && !extended) {
    warn({
      code: "vox_offset",
      text: `nifti: vox_offset is 0; voxels are read from byte ${leadBytes}, right behind the header`,
      cure: "write the file again with vox_offset 352",
    });
    return leadBytes;
  }
  if (!Number.isInteger(offset) || offset < leadBytes)
    fail("vox_offset", 108, `vox_offset is ${offset}; in a .nii file it must be a whole number of at least 352`);
  return offset;
};

/** Voxel sizes say something only where no sform does. */
const checkSizes = (fields: NIFTI1, warn: Warn): void => {
  for (let i = 1; i <= Math.min(3, fields.dims[0]); i++) {
    const size = fields.pixDims[i];
    if (size > 0 && Number.isFinite(size)) continue;
    if (fields.sform_code <= 0)
      fail(
        `pixdim[${i}]`,
        76 + 4 * i,
        `pixdim[${i}] is ${size}; it must be a finite number above 0 (the voxel's size)`,
      );
    warn({
      code: "pixdim",
      text: `nifti: pixdim[${i}] is ${size}; the voxel's size and place are taken from the sform`,
      cure: "write the voxel's size into pixdim",
    });
  }
};

/** A slope of 0 or NaN says that there is none (NIfTI-1 standard; NaN is what nibabel writes). */
const scalingOf = (slope: number, inter: number): NiftiHeader["scaling"] => {
  if (slope === 0 || Number.isNaN(slope)) return undefined;
  if (!Number.isFinite(slope)) fail("scl_slope", 112, `scl_slope is ${slope}; it must be finite`);
  if (!Number.isFinite(inter)) fail("scl_inter", 116, `scl_inter is ${inter}; it must be finite`);
  return slope === 1 && inter === 0 ? undefined : { slope, inter };
};

/**
 * Checks and reads the first 352 bytes of a decompressed file; throws ParseError naming the field, its value and the cure,
 * and warns of a field that is wrong where another settles what it should say.
 */
export const readNiftiHeader = (head: Uint8Array, limits: ReadLimits, warn: Warn): NiftiHeader => {
  const littleEndian = checkKind(new DataView(head.buffer, head.byteOffset, head.byteLength));
  // A copy of its own: slice of a Node Buffer would share the pool.
  const own = Uint8Array.from(head.subarray(0, headerBytes)).buffer;
  const fields = new NIFTI1();
  fields.readHeader(own);
  const size = checkDims(fields.dims);
  checkSizes(fields, warn);
  const type = checkType(fields.datatypeCode);
  const begin = checkOffset(fields.vox_offset, head[headerBytes] !== 0, warn);
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

/**
 * Warns of a bitpix that contradicts the datatype. The datatype decides, but where the file is long enough for what bitpix
 * says, either may be the wrong one. Throws ParseError then.
 */
export const checkBits = ({ fields, type, begin, end }: NiftiHeader, fileBytes: number, warn: Warn): void => {
  const bits = fields.numBitsPerVoxel;
  if (bits === 8 * type.bytes) return;
  const text = `bitpix is ${bits}, but datatype ${type.name} has ${8 * type.bytes} bits`;
  if (bits > 8 * type.bytes && fileBytes >= begin + ((end - begin) / type.bytes) * (bits / 8))
    fail("bitpix", 72, `${text}, and the file is long enough for both; write the right datatype into the header`);
  warn({
    code: "bitpix",
    text: `nifti: ${text}; the datatype is believed, as the file's length bears out`,
    cure: "write the datatype's bits into bitpix",
  });
};
