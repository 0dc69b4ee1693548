import type { Affine, Plane } from "../geometry/index.ts";
import type { ReadWarning } from "./warning.ts";

/** A picture on the host: interleaved channels, row-major, `data[(row * width + column) * channels + channel]`. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly data: Uint8Array | Uint16Array | Float32Array;
  /** Where the picture lies in the patient, if it is a slice. */
  readonly plane?: Plane;
  /** DICOM's FrameOfReferenceUID: slices share coordinates only where it is equal. */
  readonly frameOfReference?: string;
  /** What its reader had to assume; absent where there was nothing to say. */
  readonly warnings?: readonly ReadWarning[];
}

/** A volume on the host: `data[i + nx * (j + ny * k)]`, with its place in the patient. */
export interface Volume {
  /** [nx, ny, nz]. */
  readonly size: readonly [number, number, number];
  readonly data: Uint8Array | Int16Array | Uint16Array | Int32Array | Float32Array | Float64Array;
  /** Voxel index (centers at integers) to patient millimeters, LPS. */
  readonly affine: Affine<"voxel", "lps">;
  readonly frameOfReference?: string;
  /** What its reader had to assume; absent where there was nothing to say. */
  readonly warnings?: readonly ReadWarning[];
}
