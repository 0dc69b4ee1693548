import type { BoxSummary } from "../../metrics/index.ts";
import type { EvaluatedCase } from "../../mri/index.ts";
import type { Head } from "../../mri/scouts/index.ts";
import type { CommandOutcome, Context } from "../command.ts";
import { exitCodes } from "../exit.ts";
import { type OutputFolder, outputFolder } from "../output.ts";
import { timeLeft } from "../time-left.ts";
import { evaluationTable } from "./mri-evaluate.ts";

export interface TrainDemoOptions {
  readonly out: string;
  readonly minutes?: number;
  readonly force?: boolean;
}

const headCounts = { train: 48, validation: 8, test: 20 };
/** What unseen heads must come out with, and by how much better than doing nothing. */
const limits = { centerMm: 4, angleDeg: 3.5, centerGain: 3, angleGain: 2 };
/** Minutes for everything, and of them those kept for making heads, judging and pictures. */
const budget = { system: { total: 4.6, kept: 0.4 }, embedded: { total: 13.5, kept: 1.2 } };
/** A sixteenth of the full network's work: pixels of 8/3 mm and few channels, so that many steps fit into the minutes. */
const demoNet = {
  widths: [8, 16, 24, 32],
  grid: { size: 96, pixelMm: 8 / 3, thicknessMm: 5 },
  stride: 2 as const,
};
const demoTraining = { batch: 8, lr: 4e-3, ema: 0.98 };

const makeHeads = async (
  context: Context,
): Promise<Record<keyof typeof headCounts, { head: Head; labels: import("../../io/index.ts").Volume }[]>> => {
  const [{ makeHead }, { referenceFrame }, { Random }] = await Promise.all([
    import("../../mri/phantom/index.ts"),
    import("../../mri/scouts/index.ts"),
    import("../../random.ts"),
  ]);
  const random = new Random(context.seed).fork("heads");
  const out = { train: [], validation: [], test: [] } as Awaited<ReturnType<typeof makeHeads>>;
  const total = Object.values(headCounts).reduce((a, b) => a + b);
  const progress = await context.progress("making heads");
  let done = 0;
  for (const part of ["train", "validation", "test"] as const)
    for (let i = 0; i < headCounts[part]; i++) {
      await context.breathe();
      const subject = `${part}-${String(i + 1).padStart(2, "0")}`;
      const { volume, labels } = makeHead(random.fork(subject));
      out[part].push({ head: { subject, volume, truth: referenceFrame(labels) }, labels });
      progress.update({ done: ++done / total, text: `head ${done} of ${total}` });
    }
  progress.stop();
  return out;
};

/** What the found boxes still lack; empty when the demo has shown what it should. */
const shortcomings = (found: BoxSummary, baseline: BoxSummary): string[] => {
  const out: string[] = [];
  const check = (name: string, value: number | null, limit: number, nothing: number | null, gain: number): void => {
    if (value === null || value > limit)
      out.push(`${name}: median ${value?.toFixed(2) ?? "none"}, at most ${limit} is due`);
    else if (nothing !== null && value * gain > nothing)
      out.push(
        `${name}: median ${value.toFixed(2)} is not ${gain} times better than doing nothing (${nothing.toFixed(2)})`,
      );
  };
  check("center error, mm", found.centerMm.median, limits.centerMm, baseline.centerMm.median, limits.centerGain);
  ["x", "y", "z"].forEach((axis, k) => {
    check(
      `rotation about ${axis}, degrees`,
      found.rotvecErrorDeg.median[k],
      limits.angleDeg,
      baseline.rotvecErrorDeg.median[k],
      limits.angleGain,
    );
  });
  return out;
};

/** `demo --train`: synthetic heads, a small network trained on their scouts, boxes of unseen heads, judged. */
export const trainDemo = async (context: Context, options: TrainDemoOptions): Promise<CommandOutcome> => {
  const started = performance.now();
  const minutesSince = (): number => (performance.now() - started) / 60000;
  const out: OutputFolder = outputFolder({ out: options.out, force: options.force });
  const [mri, { Rng }, { RunFolder, environment }, { scoutPictures }, { demoReport }] = await Promise.all([
    import("../../mri/index.ts"),
    import("../../tensor/index.ts"),
    import("../../training/node/index.ts"),
    import("../../mri/reports/calibration-report.ts"),
    import("../../mri/reports/demo-report.ts"),
  ]);
  const device = await context.openDevice();
  const { total, kept } = budget[device.info.kind];
  const minutes = options.minutes ?? total;
  context.note(`the demo takes about ${Math.ceil(minutes)} minutes on this adapter; its heads are synthetic`);
  const heads = await makeHeads(context);
  const run = await RunFolder.open(await out.folder("run"));
  const net = { ...mri.defaultNet, ...demoNet };
  const training = { ...mri.defaultTraining, ...demoTraining };
  const config = mri.scoutRunConfig.parse({ net, training, seed: context.seed, minutes });
  const progress = await context.progress("training");
  const left = timeLeft();
  let text = "";
  try {
    const result = await mri.trainScouts({
      device,
      train: heads.train.map((h) => h.head),
      validation: heads.validation.map((h) => h.head),
      rng: new Rng(context.seed),
      minutes: Math.max(0.3, minutes - kept - minutesSince()),
      net,
      training,
      epochSteps: 25,
      store: run,
      config,
      data: { heads: "synthetic", ...headCounts, seed: context.seed },
      environment: environment(device),
      signal: context.signal,
      openDevice: () => context.openDevice({ tuner: device.tuner.toJSON() }),
      onEvent: (e) => {
        if (e.type === "steps")
          progress.update({ done: e.to / e.totalSteps, step: e.to, loss: e.loss, minutesLeft: left(e), text });
        else if (e.type === "warning") context.warn(e.message);
      },
      onEpoch: (e) => {
        text = `landmarks ${e.validation.landmark_mm.toFixed(1)} mm`;
      },
    });
    progress.stop();
    if (!result.model) return { json: { finished: false } };
    const judging = await context.progress("unseen heads");
    const pictures: { case: EvaluatedCase; files: Map<string, Uint8Array> }[] = [];
    let done = 0;
    const evaluation = await mri.evaluate(result.model, heads.test, {
      poses: 1,
      random: new Rng(context.seed).fork("test"),
      signal: context.signal,
      onCase: async ({ case: c, scoutCase, calibration, found }) => {
        const files = scoutPictures(scoutCase.scouts, calibration, found, scoutCase.truth ?? undefined);
        for (const [plane, png] of files) await out.write(`cases/${c.subject}/${plane}.png`, png);
        pictures.push({ case: c, files });
        judging.update({ done: ++done / headCounts.test, text: `head ${done} of ${headCounts.test}` });
        await context.breathe();
      },
    });
    judging.stop();
    const { summary, baseline, geometryOnly } = evaluation;
    const minutesTaken = Math.round(minutesSince() * 100) / 100;
    const lacks = shortcomings(summary, baseline);
    const fields = {
      split: "test",
      ...mri.evaluationJson(evaluation),
      steps: result.steps,
      minutes: minutesTaken,
      shortcomings: lacks,
    };
    await out.write("metrics.json", context.json("mri-evaluate", fields));
    await out.write(
      "report.html",
      demoReport({
        evaluation,
        pictures,
        losses: result.losses,
        steps: result.steps,
        minutes: minutesTaken,
        adapter: device.info.description,
        lacks,
      }),
    );
    context.print(
      await evaluationTable(context, [
        ["found", summary],
        ["doing nothing", baseline],
        ["true landmarks", geometryOnly],
      ]),
    );
    context.print(
      `median / 90th percentile over ${summary.n} unseen synthetic heads, ${minutesTaken} minutes; look at ${options.out}/report.html`,
    );
    context.print(
      `Next: fiducial mri calibrate --run ${options.out}/run SAGITTAL CORONAL AXIAL --out box. Research software, not a medical device.`,
    );
    for (const lack of lacks) context.warn(lack);
    return { format: "mri-evaluate", json: fields, exitCode: lacks.length === 0 ? exitCodes.done : exitCodes.failed };
  } finally {
    progress.stop();
    await run.close();
  }
};
