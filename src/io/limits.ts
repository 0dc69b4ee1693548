/** Caps on foreign input. Every reader takes some of them as `limits`; what is left out has the default. */
export interface ReadLimits {
  /** Longest file that is looked at, bytes. */
  readonly maxFileBytes: number;
  /** Longest picture file (PNG), bytes. */
  readonly maxImageFileBytes: number;
  /** Longest decoded or decompressed content, bytes. */
  readonly maxDecodedBytes: number;
  /** Longest side of a picture, pixels. */
  readonly maxSide: number;
  /** Most pixels of a picture. */
  readonly maxPixels: number;
  /** Deepest nesting of DICOM sequences. */
  readonly maxSequenceDepth: number;
  /** Most elements of a DICOM file, those inside sequences counted. */
  readonly maxElements: number;
  /** Longest header of a safetensors file, bytes. */
  readonly maxHeaderBytes: number;
  /** Longest text file, bytes. */
  readonly maxTextBytes: number;
  /** Deepest nesting of JSON. */
  readonly maxTextDepth: number;
}

const MiB = 2 ** 20;

export const defaultLimits: ReadLimits = {
  maxFileBytes: 2048 * MiB,
  maxImageFileBytes: 256 * MiB,
  maxDecodedBytes: 2048 * MiB,
  maxSide: 16_384,
  maxPixels: 64_000_000,
  maxSequenceDepth: 16,
  maxElements: 100_000,
  maxHeaderBytes: 100_000_000,
  maxTextBytes: 64 * MiB,
  maxTextDepth: 64,
};

export const withDefaults = (limits: Partial<ReadLimits> = {}): ReadLimits => ({ ...defaultLimits, ...limits });
