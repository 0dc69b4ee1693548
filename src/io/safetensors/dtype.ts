import { floatFromHalf, floatsFromHalves } from "../../half.ts";

/** Number types of the format, by the names in its header. */
export type SafetensorsDType =
  | "BOOL"
  | "U8"
  | "I8"
  | "F8_E4M3"
  | "F8_E5M2"
  | "U16"
  | "I16"
  | "F16"
  | "BF16"
  | "U32"
  | "I32"
  | "F32"
  | "U64"
  | "I64"
  | "F64";

export type SafetensorsArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array;

interface Kind {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly array: {
    new (buffer: ArrayBufferLike, offset: number, length: number): SafetensorsArray;
    readonly BYTES_PER_ELEMENT: number;
  };
}

/** Bytes of a number and the array that holds it: raw bits in Uint8Array and Uint16Array for the 8- and 16-bit floats. */
export const dtypes: ReadonlyMap<string, Kind> = new Map<SafetensorsDType, Kind>([
  ["BOOL", { bytes: 1, array: Uint8Array }],
  ["U8", { bytes: 1, array: Uint8Array }],
  ["I8", { bytes: 1, array: Int8Array }],
  ["F8_E4M3", { bytes: 1, array: Uint8Array }],
  ["F8_E5M2", { bytes: 1, array: Uint8Array }],
  ["U16", { bytes: 2, array: Uint16Array }],
  ["I16", { bytes: 2, array: Int16Array }],
  ["F16", { bytes: 2, array: Uint16Array }],
  ["BF16", { bytes: 2, array: Uint16Array }],
  ["U32", { bytes: 4, array: Uint32Array }],
  ["I32", { bytes: 4, array: Int32Array }],
  ["F32", { bytes: 4, array: Float32Array }],
  ["U64", { bytes: 8, array: BigUint64Array }],
  ["I64", { bytes: 8, array: BigInt64Array }],
  ["F64", { bytes: 8, array: Float64Array }],
]);

export interface SafetensorsTensor {
  readonly dtype: SafetensorsDType;
  /** Sizes of its axes, outermost first; empty for a scalar. */
  readonly shape: readonly number[];
  /** Row-major values, of the array type that `dtypes` gives for the dtype. */
  readonly data: SafetensorsArray;
}

/** Values as float32: exact from F32, F16, BF16 and small integers, rounded from F64 and large integers. */
export const toFloat32 = ({ dtype, data }: SafetensorsTensor): Float32Array => {
  if (data instanceof Float32Array) return data;
  if (dtype === "F16") return floatsFromHalves(data as Uint16Array);
  if (dtype === "BF16") {
    const bits = Uint32Array.from(data as Uint16Array, (b) => b * 65_536);
    return new Float32Array(bits.buffer);
  }
  if (dtype === "F8_E4M3") return Float32Array.from(data as Uint8Array, floatFromE4M3);
  if (dtype === "F8_E5M2") return Float32Array.from(data as Uint8Array, (b) => floatFromHalf(b * 256));
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
};

/** OCP 8-bit float with 4 exponent and 3 fraction bits: no infinities, NaN where all seven bits are set. */
const floatFromE4M3 = (bits: number): number => {
  const sign = bits & 0x80 ? -1 : 1;
  const exponent = (bits >> 3) & 15;
  const fraction = bits & 7;
  if (exponent === 15 && fraction === 7) return Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -9 : (1 + fraction / 8) * 2 ** (exponent - 7));
};
