import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { beforeAll, describe, expect, test } from "vitest";
import { ConfigError } from "../src/errors.ts";
import { checkOptions, type KeysOf } from "../src/options.ts";
import { files, src } from "./house/imports.ts";

const root = join(src, "..");
const { exports: entries } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, { "fiducial-source"?: string }>;
};

interface Place {
  readonly name: string;
  /** Which parameter holds the options. */
  readonly at: number;
  readonly type: string;
}

/** Parameters by their look: named options, of a type that ends in Options, or taken apart in the signature. */
const optionsOf = (name: string, parameters: ts.NodeArray<ts.ParameterDeclaration>): Place[] =>
  parameters.flatMap((p, at) => {
    const type = p.type?.getText().replace(/\s+/g, " ") ?? "";
    const looks = ts.isObjectBindingPattern(p.name) || /^(options|o)$/.test(p.name.getText()) || /Options\b/.test(type);
    return looks ? [{ name, at, type }] : [];
  });

/** Functions, constructors and methods written in a file that take an object of options. */
function placesIn(file: string): Place[] {
  const source = ts.createSourceFile(file, readFileSync(join(src, file), "utf8"), ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((s): Place[] => {
    const exported = ts.canHaveModifiers(s) && ts.getModifiers(s)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
    if (!exported) return [];
    if (ts.isFunctionDeclaration(s) && s.body) return optionsOf(s.name!.text, s.parameters);
    if (ts.isVariableStatement(s))
      return s.declarationList.declarations.flatMap((d) =>
        d.initializer && ts.isArrowFunction(d.initializer) ? optionsOf(d.name.getText(), d.initializer.parameters) : [],
      );
    if (!ts.isClassDeclaration(s)) return [];
    return s.members.flatMap((m): Place[] => {
      if (ts.isConstructorDeclaration(m)) return optionsOf(s.name!.text, m.parameters);
      if (!ts.isMethodDeclaration(m) || !m.body || !ts.isIdentifier(m.name)) return [];
      return optionsOf(`${s.name!.text}.${m.name.text}`, m.parameters);
    });
  });
}

/** Made by other functions, so that a look at the source does not find their parameters. */
const made: readonly Place[] = [
  ...["sum", "mean", "max", "min", "argmax", "argmin", "prod"].map((name) => ({ name, at: 2, type: "ReduceOptions" })),
  ...["mseLoss", "l1Loss", "klDiv", "jsDiv", "binaryCrossEntropy", "binaryCrossEntropyWithLogits"].map((name) => ({
    ...{ name, at: 2, type: "LossOptions" },
  })),
  ...["categoricalCrossEntropy", "halfSquaredErrorLoss"].map((name) => ({ name, at: 2, type: "LossOptions" })),
  ...["upsampleLinear1d", "upsampleBicubic2d", "upsampleTrilinear3d"].map((name) => ({
    ...{ name, at: 1, type: "ResampleOptions" },
  })),
  ...["heatmapMseLoss", "heatmapBinaryCrossEntropy", "heatmapCrossEntropy"].map((name) => ({
    ...{ name, at: 0, type: "HeatmapLossOptions" },
  })),
  ...["Conv1d", "Conv2d", "Conv3d"].map((name) => ({ name, at: 3, type: "ConvLayerOptions" })),
];

/** What takes an object apart that holds no options, with the reason. */
const none = new Set([
  ...[
    "boxJson",
    "htmlReport",
    "demoReport",
    "trainReport",
    "followReport",
    "followJson",
    "posePicture",
    "writeScoutModel",
    "toFloat32",
    "normalFromAngles",
  ], // a result to be written
  ...["uploadScouts", "placement"], // a batch, a shape
  ...["FiducialError", "DeviceError", "CheckpointError", "DataError"], // the platform's ErrorOptions
  ...["Dropout.drop", "Dropout2d.drop", "DropPath.drop"], // what a layer calls itself
  ...["MBConv", "BasicBlock", "Bottleneck"], // required parts alone
  ...["calibrate", "loadRun", "followHead", "scoutLoss"], // required parts alone, which are missed at once where misspelt
  ...["boxFromFound", "calibrateScouts", "tuneScouts", "exampleHeads", "Device"], // they hand on what others look at
  ...["norm", "normal"], // the geometry's, not the op and the initializer of these names
  "Trainer.fit", // wants a trainer: test/training/trainer.test.ts
]);

const values = new Map<string, unknown>();
const places = [...files.filter((f) => !/^cli\/|^kernels\/wgsl\/|\.d\.ts$/.test(f)).flatMap(placesIn), ...made];

beforeAll(async () => {
  for (const { "fiducial-source": file } of Object.values(entries))
    if (file && !file.includes("/cli/"))
      for (const [name, value] of Object.entries(await import(join(root, file)))) values.set(name, value);
}, 120_000);

const call = async ({ name, at }: Place): Promise<unknown> => {
  const [owner, method] = name.split(".");
  const value = values.get(owner) as (new (...args: unknown[]) => unknown) & ((...args: unknown[]) => unknown);
  const args: unknown[] = Array.from({ length: at }, () => ({}));
  args.push({ noSuchOption: 1, lr: 0.1 });
  if (method) return (value.prototype as Record<string, (...a: unknown[]) => unknown>)[method](...args);
  return /^class\b/.test(Function.prototype.toString.call(value)) ? new value(...args) : value(...args);
};

describe("options", () => {
  test("every public function, layer and method that takes an object of options refuses one that it has not", async () => {
    const open: string[] = [];
    const seen = new Set<string>();
    for (const place of places) {
      const { name } = place;
      if (!values.has(name.split(".")[0]) || none.has(name) || seen.has(name)) continue;
      seen.add(name);
      const error = await call(place).then(
        () => undefined,
        (e: unknown) => e,
      );
      if (!(error instanceof ConfigError && /noSuchOption/.test(error.message))) open.push(`${name}: ${error}`);
    }
    expect(open).toEqual([]);
    expect(seen.size).toBeGreaterThan(110);
  });

  test("what is said to take none is there", () => {
    const names = new Set(places.map((p) => p.name));
    expect([...none].filter((n) => !names.has(n))).toEqual([]);
  });

  const keys: KeysOf<{ readonly stride?: number; readonly padding?: number }> = { stride: 1, padding: 1 };
  const message = (options: unknown): string => {
    try {
      checkOptions("conv2d", options as object, keys as KeysOf<object>);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  test("the error names the option, the nearest one, and all there are", () => {
    expect(message({ stride: 2, paddding: 1 })).toBe(
      'conv2d: it has no option "paddding"; did you mean padding? There are stride, padding',
    );
    expect(message({ whatever: undefined })).toBe('conv2d: it has no option "whatever"; there are stride, padding');
    expect(message({ toString: 1 })).toContain('no option "toString"');
  });

  test("what is no object of options is named", () => {
    expect(message(1)).toBe("conv2d: the options are 1; give an object with stride, padding");
    expect(message(null)).toContain("the options are null;");
    expect(message(undefined)).toContain("the options are undefined;");
    expect(message([1])).toContain("the options are a list;");
    expect(message(new Map([["stride", 1]]))).toBe("");
    expect(
      message(
        new (class Tensor {
          shape = [1];
        })(),
      ),
    ).toContain("the options are a Tensor;");
  });

  test("good ones are given back, without a look at their values", () => {
    const options = { stride: 2 };
    expect(checkOptions<{ stride?: number; padding?: number }>("conv2d", options, keys)).toBe(options);
    expect(message({})).toBe("");
  });
});
