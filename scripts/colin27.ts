/**
 * A head that was never trained on, with points set by experts: the box a run finds on scouts of it, and the angle between the
 * callosal line it found (genu to splenium) and that of the experts' points.
 *   tsx --conditions=fiducial-source scripts/colin27.ts --run RUN --data DIR   (DIR: T1.nii.gz, afids.fcsv in RAS)
 * The callosum landmarks of a run are centroids of the callosum's front and back quarters, the experts' points its anterior and
 * posterior ends: the two lines need not be parallel, and the angle says no more than how near they are.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openDevice } from "../src/device/index.ts";
import { dot, lpsFromRas, mapPoint, normalize, type Point3, sub, type Vec3 } from "../src/geometry/index.ts";
import { readVolume } from "../src/io/node/index.ts";
import { calibrateScouts } from "../src/mri/index.ts";
import { openScoutRun } from "../src/mri/run.node.ts";
import { headPlacement, naturalPose, simulateScouts } from "../src/mri/scouts/index.ts";
import { Random } from "../src/random.ts";

const { values } = parseArgs({
  options: { run: { type: "string" }, data: { type: "string" }, poses: { type: "string", default: "5" } },
});
if (!values.run || !values.data) {
  console.error("usage: scripts/colin27.ts --run RUN --data DIR [--poses N]");
  process.exit(2);
}
const points = new Map<string, Point3<"lps">>();
for (const line of readFileSync(join(values.data, "afids.fcsv"), "utf8").split("\n")) {
  const cells = line.split(",");
  if (line.startsWith("#") || cells.length < 13) continue;
  points.set(cells[12].toLowerCase(), lpsFromRas([Number(cells[1]), Number(cells[2]), Number(cells[3])]));
}
const named = (part: string): Point3<"lps"> => {
  const found = [...points].find(([name]) => name.includes(part));
  if (!found) throw new Error(`afids.fcsv has no point named ${part}: ${[...points.keys()].join(", ")}`);
  return found[1];
};
const device = await openDevice();
const model = await openScoutRun(values.run, device);
const head = { subject: "colin27", volume: await readVolume(join(values.data, "T1.nii.gz")), truth: null };
const random = new Random(0);
const degrees = (c: number): number => (Math.acos(Math.min(1, Math.max(-1, c))) * 180) / Math.PI;
for (let i = 0; i < Number(values.poses); i++) {
  const stream = random.fork(i);
  const angle = (): number => (i === 0 ? 0 : stream.uniform(-12, 12));
  const pose =
    i === 0
      ? naturalPose
      : { rotvecDeg: [angle(), angle(), angle()] as Vec3, shiftMm: [angle(), angle(), angle()] as Vec3 };
  const scouts = simulateScouts(head, pose, { random: stream });
  const { calibration } = await calibrateScouts(model, scouts);
  const map = headPlacement(head, pose);
  const expert = normalize(sub(mapPoint(map, named("splenium")), mapPoint(map, named("genu"))));
  const mm = (name: string): Vec3 | null => calibration.landmarks.find((l) => l.name === name)?.mm ?? null;
  const [genu, splenium] = [mm("callosum_genu"), mm("callosum_splenium")];
  const line = genu && splenium ? normalize(sub(splenium, genu)) : null;
  console.log(
    `pose ${i} [${pose.rotvecDeg.map((v) => v.toFixed(1)).join(", ")}]: ${calibration.angles.text}; size ${calibration.tight.size.map((v) => v.toFixed(0)).join(" x ")} mm; ` +
      `callosal line ${line ? `${degrees(dot(line, expert)).toFixed(2)} degrees from the experts'` : "not found"}${calibration.refusal ? `; refused: ${calibration.refusal.text}` : ""}`,
  );
}
device.destroy();
