import { describe, expect, test } from "vitest";
import { DataError, GeometryError } from "../../src/errors.ts";
import type { Image } from "../../src/io/index.ts";
import {
  assignPlanes,
  buildNet,
  calibrateScouts,
  defaultNet,
  defaultTraining,
  drawBatch,
  evaluate,
  findLandmarks,
  scoutCase,
  trainScouts,
} from "../../src/mri/index.ts";
import { makeHead } from "../../src/mri/phantom/index.ts";
import { type Head, referenceFrame } from "../../src/mri/scouts/index.ts";
import { Random } from "../../src/random.ts";
import { Rng } from "../../src/tensor/index.ts";
import { MemoryStore } from "../../src/training/index.ts";
import { testDevice } from "../harness/device.ts";

// A network small enough for software adapters: 32 x 32 pixels of 8 mm.
const net = { ...defaultNet, widths: [8, 12, 16], grid: { size: 32, pixelMm: 8, thicknessMm: 5 }, stride: 1 as const };
const training = { ...defaultTraining, batch: 4, lr: 1e-2, ema: 0.8 };

const heads = Array.from({ length: 9 }, (_, i) => {
  const { volume, labels } = makeHead(new Random(5).fork(i));
  return { head: { subject: `head-${i}`, volume, truth: referenceFrame(labels) } satisfies Head, labels };
});
const pose = { rotvecDeg: [4, -6, 8], shiftMm: [3, -5, 7] } as const;
const scouts = scoutCase(heads[0].head, pose, new Random(1)).scouts;

describe("finding landmarks", () => {
  test("takes scouts in any order, and one read-back for a whole batch", async () => {
    const device = await testDevice();
    const model = buildNet(net).init(device, new Rng(3));
    const before = { ...device.counts };
    const live = device.memory().liveBuffers;
    const [a, b] = await findLandmarks(model, device, [scouts, [scouts[2], scouts[0], scouts[1]]], net);
    expect(device.counts.readBacks - before.readBacks).toBe(1);
    expect(device.memory().liveBuffers).toBe(live);
    expect(b.map((s) => s.planeClass)).toEqual(["axial", "sagittal", "coronal"]);
    expect(b[1].landmarks[4].pixel).toEqual(a[0].landmarks[4].pixel);
    expect(a[0].landmarks).toHaveLength(net.landmarks.sagittal.length);
    model.dispose();
  });

  test("finds the same place in the patient when a scout is flipped or transposed with its header", async () => {
    const device = await testDevice();
    const model = buildNet(net).init(device, new Rng(3));
    const s = scouts[1];
    const turned: Image = {
      ...s,
      width: s.height,
      height: s.width,
      data: Float32Array.from(
        { length: s.data.length },
        (_, i) => s.data[(i % s.height) * s.width + Math.floor(i / s.height)],
      ),
      plane: {
        ...s.plane,
        rows: s.plane.columns,
        columns: s.plane.rows,
        columnDirection: s.plane.rowDirection,
        rowDirection: s.plane.columnDirection,
        spacing: [s.plane.spacing[1], s.plane.spacing[0]],
      },
    };
    const [a, b] = await findLandmarks(model, device, [scouts, [scouts[0], turned, scouts[2]]], net);
    a[1].landmarks.forEach((l, k) => {
      const [column, row] = b[1].landmarks[k].pixel;
      expect(row).toBeCloseTo(l.pixel[0], 2);
      expect(column).toBeCloseTo(l.pixel[1], 2);
    });
    model.dispose();
  });

  test("two scouts, two of one plane, and one without geometry are refused by what is wrong", () => {
    expect(() => assignPlanes(scouts.slice(0, 2))).toThrow(/no axial scout/);
    expect(() => assignPlanes([scouts[0], scouts[0], scouts[2]])).toThrow(/scouts 1 and 2 are both sagittal/);
    expect(() => assignPlanes([{ ...scouts[0], plane: undefined }])).toThrow(GeometryError);
  });
});

describe("training on scouts", () => {
  test("the same stream gives the same batch, whatever was drawn before", () => {
    const list = heads.map((h) => h.head);
    const a = drawBatch(list, 2, new Random(9).fork("x"), net);
    new Random(9).fork("y").uint32();
    const b = drawBatch(list, 2, new Random(9).fork("x"), net);
    expect(b.planes[2].images).toEqual(a.planes[2].images);
    expect(b.planes[0].points).toEqual(a.planes[0].points);
    expect(drawBatch(list, 2, new Random(9).fork("z"), net).planes[0].points).not.toEqual(a.planes[0].points);
  });

  test("a short training lowers the loss, makes its estimator, and is judged beside doing nothing", async () => {
    const device = await testDevice();
    const list = heads.map((h) => h.head);
    const result = await trainScouts({
      device,
      train: list.slice(0, 5),
      validation: list.slice(5, 8),
      rng: new Rng(2),
      steps: 60,
      net,
      training,
      epochSteps: 30,
      store: new MemoryStore(),
    });
    const mean = (v: readonly number[]) => v.reduce((a, b) => a + b) / v.length;
    expect(mean(result.losses.slice(-5))).toBeLessThan(0.6 * mean(result.losses.slice(0, 5)));
    const model = result.model!;
    expect(model.equipment.template.heads).toBe(5);
    const seen: string[] = [];
    const evaluation = await evaluate(model, [heads[8]], {
      poses: 2,
      random: new Random(4),
      onCase: ({ case: c }) => void seen.push(c.subject),
    });
    expect(seen).toEqual(["head-8", "head-8"]);
    expect(evaluation.baseline.n).toBe(2);
    expect(evaluation.geometryOnly.centerMm.median).toBeLessThan(evaluation.baseline.centerMm.median! / 3);
    // An estimator made of 5 heads and a network of 60 steps: it must see something, no more.
    const { calibration } = await calibrateScouts(model, scouts);
    expect(calibration.slices.length).toBeGreaterThan(50);
    expect(calibration.landmarks.length).toBe(
      net.landmarks.sagittal.length + net.landmarks.coronal.length + net.landmarks.axial.length,
    );
    // A picture without contrast is refused by its plane, wherever it stands in the list.
    for (const [i, value] of [0, 700, 0].entries()) {
      const blank = scouts.map((s, k) => (k === i ? { ...s, data: new Float32Array(s.data.length).fill(value) } : s));
      const result = await calibrateScouts(model, blank);
      expect(result.calibration.refusal).toMatchObject({ code: "blank_scout", scout: result.found[i].planeClass });
      expect(result.calibration.box.center.every(Number.isFinite)).toBe(true);
    }
    model.model.dispose();
  });

  test("heads without truth and empty splits are refused before anything starts", async () => {
    const device = await testDevice();
    const bare = { ...heads[0].head, truth: null };
    const options = { device, rng: new Rng(1), steps: 1, net, training, store: new MemoryStore() };
    await expect(trainScouts({ ...options, train: [bare], validation: [heads[1].head] })).rejects.toThrow(DataError);
    await expect(trainScouts({ ...options, train: [], validation: [heads[1].head] })).rejects.toThrow(
      /training split is empty/,
    );
    const list = heads.map((h) => h.head);
    const store = new MemoryStore();
    await expect(
      trainScouts({ ...options, store, train: list.slice(0, 2), validation: list.slice(5, 6) }),
    ).rejects.toThrow(/at least 3 training heads .* there are 2 and 1/);
    const blind = { ...list[5], truth: { ...list[5].truth!, landmarks: {} } };
    await expect(trainScouts({ ...options, store, train: list.slice(0, 3), validation: [blind] })).rejects.toThrow(
      /validation head head-5 has none of the/,
    );
    const strange = { ...net, landmarks: { ...net.landmarks, axial: [...net.landmarks.axial, "nowhere"] } };
    await expect(
      trainScouts({ ...options, store, net: strange, train: list.slice(0, 3), validation: list.slice(5, 6) }),
    ).rejects.toThrow(/no head has landmark nowhere/);
    expect(await store.read("config.json")).toBeUndefined();
  });
});
