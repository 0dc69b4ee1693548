import type { Command } from "commander";
import { type CommandOutcome, type Context, define, group, type Host } from "../command.ts";
import { exitCodes } from "../exit.ts";
import { positive } from "../numbers.ts";
import { type OutputFolder, outputFolder } from "../output.ts";

interface Options {
  readonly run?: string;
  readonly out: string;
  readonly thickness?: number;
  readonly force?: boolean;
}

const calibrate = async (context: Context, options: Options, files: readonly string[]): Promise<CommandOutcome> => {
  const out: OutputFolder = outputFolder(options);
  const [{ boxJson }, { readScouts }, { openScoutModel }, { calibrateScouts }, { calibrationReport }] =
    await Promise.all([
      import("../../calibration/index.ts"),
      import("../../mri/scouts/read-scouts.node.ts"),
      import("../scout-model.ts"),
      import("../../mri/index.ts"),
      import("../../mri/reports/calibration-report.ts"),
    ]);
  const { scouts, warnings } = await readScouts(files, { thickness: options.thickness });
  for (const w of warnings) context.warn(`${w.text} (${w.cure})`);
  const device = await context.openDevice();
  const model = await openScoutModel(options.run, device);
  const { calibration, found } = await calibrateScouts(model, scouts);
  const fields = {
    ...boxJson({ ...calibration, warnings: [...warnings, ...calibration.warnings] }),
    model: model.origin,
  };
  const { pictures, html } = await calibrationReport(scouts, calibration, found, warnings);
  await out.write("box.json", context.json("box", fields));
  for (const [name, png] of pictures) await out.write(`${name}.png`, png);
  await out.write("report.html", html);
  for (const w of calibration.warnings) context.warn(`${w.text}; ${w.cure}`);
  const [x, y, z] = calibration.box.center.map((v) => v.toFixed(1));
  context.print(
    `center ${x}, ${y}, ${z} mm (LPS); ${calibration.angles.text}; size ${calibration.box.size.map((v) => v.toFixed(0)).join(" x ")} mm; ${calibration.slices.length} slices`,
  );
  const { refusal } = calibration;
  if (refusal) context.warn(`do not use this box: ${refusal.text}; ${refusal.cure}`);
  context.print(`${options.out}/box.json, overlays and report.html. Research software, not a medical device.`);
  return { json: fields, exitCode: refusal ? exitCodes.refused : 0 };
};

export const register = (program: Command, host: Host): void => {
  const command = group(program, "mri", "Scouts of the head: simulate, train, evaluate, calibrate.")
    .command("calibrate")
    .description(
      "From three scouts to the oriented volume to acquire: box.json, what an operator would see on each scout, and a report.",
    )
    .argument("<scouts...>", "three files (DICOM or NIfTI, in any order), or one folder with them")
    .option("--run <run>", "run folder of `mri train` or `demo --train`; default: the packaged network")
    .requiredOption("--out <dir>", "folder for box.json, sagittal.png, coronal.png, axial.png and report.html")
    .option("--thickness <mm>", "slice thickness, where a DICOM file gives none", positive)
    .option("--force", "write into a folder that is not empty");
  define<Options, [string[]]>(command, host, {
    examples: [
      "fiducial mri calibrate sagittal.dcm coronal.dcm axial.dcm --out box",
      "fiducial mri calibrate --run runs/heads scouts/ --out box",
    ],
    format: "box",
    run: (context, options, files) => calibrate(context, options, files),
  });
};
