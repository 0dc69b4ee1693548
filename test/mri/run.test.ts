/** A run for scouts from plain bytes: what is read, what is loaded, what is refused. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { fitTemplate } from "../../src/calibration/index.ts";
import { CheckpointError, DataError, ParseError } from "../../src/errors.ts";
import {
  buildNet,
  defaultNet,
  type Equipment,
  equipmentJson,
  loadScoutRun,
  readScoutRun,
} from "../../src/mri/index.ts";
import { Random } from "../../src/random.ts";
import { Rng } from "../../src/tensor/index.ts";
import { type EpochRecord, encodeCheckpoint, History, MemoryStore } from "../../src/training/index.ts";
import { makeHeads } from "../calibration/synthetic.ts";
import { testDevice } from "../harness/device.ts";

const net = { ...defaultNet, widths: [4, 6], grid: { size: 16, pixelMm: 16, thicknessMm: 5 }, stride: 1 as const };
const config = { format: "fiducial/scout-run@1", net, seed: 3, minutes: 1 };
const equipment: Equipment = {
  format: "fiducial/equipment@1",
  template: fitTemplate(makeHeads(new Random(1), 8)),
  usualSpreadMm: { sagittal: [1], coronal: [2], axial: [3] },
  meanHead: {
    axes: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    sizeMm: [130, 170, 140],
  },
};
const epochs: EpochRecord[] = [
  { epoch: 1, step: 5, lr: 0.1, train: { loss: 2.5 }, validation: {}, improved: false },
  { epoch: 2, step: 10, lr: 1 / 3, train: { loss: 1e-7 }, validation: { landmark_mm: 4.25 }, improved: true },
];

/** The weights of a network drawn with this seed. */
const weights = async (seed: number) => {
  const model = buildNet(net).init(await testDevice(), new Rng(seed));
  const state = await model.stateDict();
  model.dispose();
  return state;
};

/** A finished run in memory; `change` spoils it. */
const run = async (change: Readonly<Record<string, string | Uint8Array | undefined>> = {}): Promise<MemoryStore> => {
  const store = new MemoryStore();
  const history = new History();
  history.load(new Map(), epochs);
  const files = {
    "config.json": JSON.stringify(config),
    "calibration.json": JSON.stringify(equipmentJson(equipment)),
    "metrics.csv": history.csv(),
    "best.safetensors": encodeCheckpoint(await weights(3), { kind: "weights" }),
    ...change,
  };
  for (const [name, content] of Object.entries(files)) if (content !== undefined) await store.write(name, content);
  return store;
};

describe("reading a run", () => {
  test("gives configuration, history, estimator and weights as plain objects, and the network from them", async () => {
    const device = await testDevice();
    const found = await readScoutRun(await run());
    expect(found.config).toEqual(JSON.parse(JSON.stringify(config)));
    expect(found.net).toEqual(JSON.parse(JSON.stringify(net)));
    expect(found.equipment).toEqual(equipment);
    expect(found.history).toEqual(epochs);
    const { model, origin } = loadScoutRun(found, device);
    const best = encodeCheckpoint(await weights(3), { kind: "weights" });
    expect(origin).toEqual({ name: "memory", sha256: createHash("sha256").update(best).digest("hex") });
    expect(model.training).toBe(false);
    expect(await model.stateDict()).toEqual(await weights(3));
    model.dispose();
  });

  test("the estimator's file has the names it always had", () => {
    const json = equipmentJson(equipment);
    expect(JSON.stringify(json)).not.toMatch(/"\w*[A-Z]\w*":/);
    expect(Object.keys(json).join()).toBe("format,template,usual_spread_mm,mean_head");
    expect(Object.keys(json.mean_head).join()).toBe("axes,size_mm");
    expect(Object.keys(json.template).join()).toBe(
      "format,heads,landmarks,modes,size_mm,scale_sd,default_error_mm,floor_mm,angle_deg,corrector",
    );
    expect(Object.keys(json.template.landmarks[0]).join()).toBe("name,virtual,mean_mm,variance_mm2,error_mm");
    expect(Object.keys(json.template.modes[0]).join()).toBe("landmarks_mm,size_mm");
  });

  test("takes the averaged weights of the last checkpoint where there are no best ones", async () => {
    const device = await testDevice();
    const state = new Map([...(await weights(4))].map(([n, t]) => [`model.${n}`, t] as const));
    const averaged = new Map([...(await weights(5))].map(([n, t]) => [`ema.${n}`, t] as const));
    const last = encodeCheckpoint(new Map([...state, ...averaged]), { kind: "run" });
    const store = await run({ "best.safetensors": undefined, "last.safetensors": last, "metrics.csv": undefined });
    const found = await readScoutRun(store);
    expect(found.weightsFile).toBe("memory/last.safetensors");
    expect(found.history).toEqual([]);
    const { model } = loadScoutRun(found, device);
    expect(await model.stateDict()).toEqual(await weights(5));
    model.dispose();
  });

  const other = { ...config, net: { ...net, stride: 3 } };
  const refused: [string, Parameters<typeof run>[0], new (...a: never[]) => Error, RegExp][] = [
    ["no configuration", { "config.json": undefined }, DataError, /memory\/config.json: missing; this is no run/],
    ["a cut configuration", { "config.json": '{"net":' }, ParseError, /memory\/config.json: .*train again or restore/],
    [
      "another configuration",
      { "config.json": JSON.stringify(other) },
      ParseError,
      /config.json: net.stride: .*restore/,
    ],
    [
      "no weights",
      { "best.safetensors": undefined },
      DataError,
      /best.safetensors: missing; this run holds no weights/,
    ],
    [
      "no estimator",
      { "calibration.json": undefined },
      DataError,
      /calibration.json: missing; this run was not finished/,
    ],
    ["cut weights", { "best.safetensors": new Uint8Array(9) }, CheckpointError, /memory\/best.safetensors: /],
    [
      "another table",
      { "metrics.csv": "a,b\n1,2\n" },
      ParseError,
      /metrics.csv: it has no column epoch, step, lr, improved/,
    ],
    [
      "decimal commas",
      { "metrics.csv": "epoch;step;lr;improved;train_loss\n1;5;0,1;true;2.5\n" },
      ParseError,
      /metrics.csv: lr in row 2 is "0,1", which is no decimal number; write it with a point/,
    ],
  ];
  test.each(refused)("refuses a run with %s, naming the file and the cure", async (_, change, kind, message) => {
    const files = await run(change);
    const error = await readScoutRun(files).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toMatch(message);
  });

  test("a loss that was not finite comes back as it was written", async () => {
    const table = "epoch,step,lr,improved,train_loss,validation_x\n1,5,0.1,false,NaN,-Infinity\n";
    const [{ train, validation }] = (await readScoutRun(await run({ "metrics.csv": table }))).history;
    expect([train, validation]).toEqual([{ loss: Number.NaN }, { x: Number.NEGATIVE_INFINITY }]);
  });

  test("names the file whose weights do not fit the network", async () => {
    const device = await testDevice();
    const found = await readScoutRun(await run());
    const wider = { ...found, net: { ...found.net, widths: [4, 8] } };
    expect(() => loadScoutRun(wider, device)).toThrow(/memory\/best.safetensors: .*shape/s);
  });
});
