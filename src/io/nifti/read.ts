import { checkLength, failing, guarded } from "../guard.ts";
import { gunzip, gunzipHead, isGzip, maxGzipRatio } from "../gunzip.ts";
import type { Volume } from "../image.ts";
import { type ReadLimits, withDefaults } from "../limits.ts";
import { type Warn, warningList } from "../warning.ts";
import { checkBits, headerBytes, leadBytes, type NiftiHeader, readNiftiHeader } from "./header.ts";
import { placementOf } from "./placement.ts";

const fail = failing("nifti");

// A gzipped file may hold this much after its voxels before it counts as a bomb.
const slack = 2 ** 20;

/** The whole file, decompressed under a cap that the header sets. */
const expand = (bytes: Uint8Array, header: NiftiHeader, warn: Warn): Uint8Array => {
  if (!isGzip(bytes)) return bytes;
  if (header.end > maxGzipRatio * bytes.length)
    fail(
      "dim",
      40,
      `the header says ${header.size.join("x")} ${header.type.name}, ${header.end} bytes, which ${bytes.length} gzipped bytes cannot hold; the file is truncated or damaged`,
    );
  return gunzip(bytes, header.end + slack, warn);
};

type Read = (view: DataView, at: number, littleEndian: boolean) => number;

const reads: Record<string, Read> = {
  uint8: (v, at) => v.getUint8(at),
  int8: (v, at) => v.getInt8(at),
  int16: (v, at, e) => v.getInt16(at, e),
  uint16: (v, at, e) => v.getUint16(at, e),
  int32: (v, at, e) => v.getInt32(at, e),
  uint32: (v, at, e) => v.getUint32(at, e),
  float32: (v, at, e) => v.getFloat32(at, e),
  float64: (v, at, e) => v.getFloat64(at, e),
  int64: (v, at, e) => safe(v.getBigInt64(at, e)),
  uint64: (v, at, e) => safe(v.getBigUint64(at, e)),
};

const safe = (value: bigint): number => {
  const number = Number(value);
  if (!Number.isSafeInteger(number))
    fail(
      "voxels",
      undefined,
      `a voxel is ${value}, more than a float64 holds exactly; convert the file to int32 or float64`,
    );
  return number;
};

const voxelsOf = (file: Uint8Array, header: NiftiHeader): Volume["data"] => {
  const { type, scaling, littleEndian } = header;
  const count = (header.end - header.begin) / type.bytes;
  const view = new DataView(file.buffer, file.byteOffset + header.begin, header.end - header.begin);
  const read = reads[type.name];
  const out = scaling ? new Float32Array(count) : new type.array(count);
  if (scaling)
    for (let i = 0; i < count; i++) out[i] = scaling.slope * read(view, i * type.bytes, littleEndian) + scaling.inter;
  else if (type.name === "uint8") out.set(file.subarray(header.begin, header.end));
  else for (let i = 0; i < count; i++) out[i] = read(view, i * type.bytes, littleEndian);
  return out;
};

/** By the header's length in its first bytes; true of a lone header (.hdr) too, which `readNifti` refuses by name. */
export const isNifti = (bytes: Uint8Array): boolean => {
  if (bytes.length < headerBytes) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [348, 540].some((n) => view.getInt32(0, true) === n || view.getInt32(0, false) === n);
};

/**
 * NIfTI-1 single file (.nii, or .nii.gz by its first bytes), 3-D or less, either endianness -> Volume in LPS. The place
 * comes from the sform, else the qform, else the voxel sizes. Values keep the file's type (int8 becomes Int16Array,
 * uint32 and 64-bit integers Float64Array) unless the header scales them: then they are Float32Array. Throws ParseError; where
 * a field is wrong and another settles it, the volume has `warnings`.
 */
export const readNifti = (bytes: Uint8Array, limits: Partial<ReadLimits> = {}): Volume =>
  guarded("nifti", () => {
    const caps = withDefaults(limits);
    checkLength("nifti", bytes, caps.maxFileBytes, "maxFileBytes");
    const { warn, taken } = warningList();
    const head = isGzip(bytes) ? gunzipHead(bytes, leadBytes) : bytes.subarray(0, leadBytes);
    const header = readNiftiHeader(head, caps, warn);
    const affine = placementOf(header);
    const file = expand(bytes, header, warn);
    if (file.length < header.end)
      fail(
        "dim",
        40,
        `the header says ${header.size.join("x")} ${header.type.name} from byte ${header.begin}, ${header.end} bytes in all, but the file has ${file.length}; it is truncated`,
      );
    checkBits(header, file.length, warn);
    return { size: header.size, data: voxelsOf(file, header), affine, ...taken() };
  });
