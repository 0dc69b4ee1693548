import { type Calibration, type CalibrationOptions, calibrate, type Template } from "../calibration/index.ts";
import type { Device } from "../device/index.ts";
import type { Vec3 } from "../geometry/index.ts";
import type { Image } from "../io/image.ts";
import { PlanesUNet } from "../models/index.ts";
import { checkNet, type ScoutNetConfig } from "./config.ts";
import { type FoundScouts, findLandmarks, observations, type UsualSpread } from "./predict.ts";
import { isBlank, planeOrder } from "./scouts/index.ts";

/** The mean training head, for the baseline: what one would acquire without looking. */
export interface MeanHead {
  /** Rows left, posterior, superior. */
  readonly axes: readonly [Vec3, Vec3, Vec3];
  readonly sizeMm: Vec3;
}

/** The file of a run that holds its `Equipment`. */
export const equipmentFile = "calibration.json";

/** What a trained network needs besides its weights; `equipmentJson` writes it as `calibration.json`. */
export interface Equipment {
  readonly format: "fiducial/equipment@1";
  readonly template: Template;
  readonly usualSpreadMm: UsualSpread;
  readonly meanHead: MeanHead;
}

/** The network for these settings, without weights. */
export const buildNet = (net: ScoutNetConfig): PlanesUNet => {
  checkNet(net);
  return new PlanesUNet({
    landmarks: planeOrder.map((p) => net.landmarks[p].length),
    widths: net.widths,
    stemStride: net.stride,
  });
};

/** Which network it is: what `box.json` says of it. */
export interface ModelOrigin {
  /** The run folder's name, or the model file's. */
  readonly name: string;
  /** SHA-256 of the file that the weights come from, hexadecimal. */
  readonly sha256: string;
}

/** A trained network with all that turns its heat-maps into a box. */
export interface ScoutModel {
  readonly device: Device;
  readonly net: ScoutNetConfig;
  readonly model: PlanesUNet;
  readonly equipment: Equipment;
  /** null where the network was trained in this program and not read from a file. */
  readonly origin: ModelOrigin | null;
}

/** The box from landmarks found on three scouts; refused where one of them shows nothing. */
export function boxFromFound(
  equipment: Equipment,
  scouts: readonly Image[],
  found: FoundScouts,
  options?: CalibrationOptions,
): Calibration {
  return calibrate({
    scouts: scouts.map((s) => ({ ...s.plane!, frameOfReference: s.frameOfReference })),
    observations: observations(found, equipment.usualSpreadMm),
    template: equipment.template,
    blank: scouts.flatMap((s, i) => (isBlank(s.data) ? [i] : [])),
    options,
  });
}

/** Three scouts (one of each plane, any order, matrix and spacing) to the volume to acquire. */
export async function calibrateScouts(
  m: ScoutModel,
  scouts: readonly Image[],
  options?: CalibrationOptions,
): Promise<{ calibration: Calibration; found: FoundScouts }> {
  const [found] = await findLandmarks(m.model, m.device, [scouts], m.net);
  return { calibration: boxFromFound(m.equipment, scouts, found, options), found };
}
