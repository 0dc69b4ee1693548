/** The geometry alone, without a GPU: a template from synthetic heads, and the volume for one more head from its landmarks. */
import { Random } from "fiducial";
import { calibrate, fitTemplate, type TrainingHead } from "fiducial/calibration";
import { mat3 } from "fiducial/geometry";
import {
  exampleHeads,
  landmarkSets,
  landmarkTargets,
  planeOrder,
  posedTruth,
  referenceFrame,
  scoutPlanes,
} from "fiducial/mri";

const truths = [...exampleHeads(new Random(1), 9)].map((head) => referenceFrame(head.labels));
const heads: TrainingHead[] = truths.slice(0, 8).map((t) => ({ ...t, axes: mat3.fromRows(...t.axes) }));
const template = fitTemplate(heads, { names: [...new Set(planeOrder.flatMap((p) => landmarkSets[p]))] });

const truth = posedTruth(truths[8], { rotvecDeg: [8, -5, 12], shiftMm: [4, -6, 9] });
const planes = scoutPlanes();
const targets = landmarkTargets(truth, planes, landmarkSets);
const observations = planeOrder.flatMap((p, scout) =>
  targets[p]
    .filter((t) => !t.outside)
    .map((t) => ({ name: t.name, scout, pixel: t.pixel, confidence: 1, sigmaMm: 0.3 })),
);
const { box, angles, slices, refusal } = calibrate({
  scouts: planeOrder.map((p) => planes[p]),
  observations,
  template,
});
console.log(
  `center ${box.center.map((v) => v.toFixed(1)).join(", ")} mm; ${angles.text}; ${slices.length} slices; ${refusal?.text ?? "fit for use"}`,
);
