import type { Plane } from "../../geometry/index.ts";
import type { Image } from "../image.ts";

/** One classic DICOM image: its pixels, its place and its ids. Nothing that names the patient is kept. */
export interface DicomSlice {
  /** Gray, one channel; carries the same plane and frame of reference. */
  readonly image: Image;
  readonly plane: Plane;
  /** Slices share coordinates only where this is equal; undefined where the file has none. */
  readonly frameOfReference: string | undefined;
  readonly studyUid: string | undefined;
  readonly seriesUid: string;
  readonly seriesNumber: number | undefined;
  readonly instanceUid: string;
  readonly instanceNumber: number | undefined;
  /** SOP class UID, such as 1.2.840.10008.5.1.4.1.1.4 (MR Image Storage). */
  readonly sopClass: string;
  readonly modality: string | undefined;
  /** Center to center of neighboring slices, mm, as the scanner says it; positions are what is used. */
  readonly spacingBetweenSlices: number | undefined;
  /** Where it came from, for messages; set by the reader of the file. */
  readonly file?: string;
}
