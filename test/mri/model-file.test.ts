/** The packaged network: what its file holds, how it is loaded, what is refused. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { CheckpointError, DataError, ParseError } from "../../src/errors.ts";
import { readSafetensors, writeSafetensors } from "../../src/io/index.ts";
import { loadScoutModel, planeOrder, readScoutModel, writeScoutModel } from "../../src/mri/index.ts";
import { openPackagedModel, packagedModelFile } from "../../src/mri/packaged.node.ts";
import { testDevice } from "../harness/device.ts";

const bytes = new Uint8Array(readFileSync(packagedModelFile()));
const sha256 = createHash("sha256").update(bytes).digest("hex");

describe("the packaged network", () => {
  test("is one small file with all that calibration needs", () => {
    expect(bytes.length).toBeLessThan(2e6);
    const { origin, net, equipment, weights } = readScoutModel(bytes, "mri-head");
    expect(origin).toEqual({ name: "mri-head", sha256 });
    expect([...weights.values()].filter((t) => t.dtype !== "F16" && t.dtype !== "I64")).toEqual([]);
    const { template, usualSpreadMm, meanHead } = equipment;
    expect(template.heads).toBeGreaterThanOrEqual(80);
    for (const plane of planeOrder) {
      expect(usualSpreadMm[plane]).toHaveLength(net.landmarks[plane].length);
      for (const name of net.landmarks[plane]) {
        const landmark = template.landmarks.find((l) => l.name === name);
        expect(landmark?.errorMm?.[plane], `${name} on ${plane}`).toBeGreaterThan(0);
      }
    }
    expect(Math.min(...meanHead.sizeMm)).toBeGreaterThan(100);
  });

  test("is loaded from bytes, a buffer, what was read, a data URL and a server, with the same weights", async () => {
    const device = await testDevice();
    const server = createServer((request, response) => {
      if (request.url !== "/models/head%20a.safetensors?v=1") response.writeHead(404).end();
      else response.end(bytes);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const sources = [
        bytes,
        bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
        readScoutModel(bytes),
        `data:application/octet-stream;base64,${Buffer.from(bytes).toString("base64")}`,
        new URL(`${host}/models/head%20a.safetensors?v=1`),
      ];
      const { tensors } = readSafetensors(bytes);
      for (const [i, source] of sources.entries()) {
        const { model, origin } = await loadScoutModel(source, device);
        expect(model.training).toBe(false);
        expect(origin?.sha256).toBe(sha256);
        if (i === 4) expect(origin?.name).toBe("head a");
        const again = readScoutModel(writeScoutModel({ ...readScoutModel(bytes), weights: await model.stateDict() }));
        expect([...again.weights].map(([n, t]) => [n, t.shape, [...t.data]])).toEqual(
          [...tensors].map(([n, t]) => [n, t.shape, [...t.data]]),
        );
        model.dispose();
      }
      await expect(loadScoutModel(`${host}/none.safetensors`, device)).rejects.toThrow(
        /none.safetensors: the model could not be fetched \(the server answered 404.*\); check the address/,
      );
    } finally {
      server.close();
    }
    await expect(loadScoutModel("file:///models/x.safetensors", device)).rejects.toThrow(DataError);
  });

  test("is found from the package, whatever the working directory", async () => {
    const before = process.cwd();
    process.chdir("/");
    try {
      const { origin, model } = await openPackagedModel(await testDevice());
      expect(origin).toEqual({ name: "mri-head", sha256 });
      model.dispose();
    } finally {
      process.chdir(before);
    }
  });

  const { tensors, metadata } = readSafetensors(bytes);
  const spoiled = (change: Record<string, string | undefined>): Uint8Array =>
    writeSafetensors(
      new Map(tensors),
      Object.fromEntries(Object.entries({ ...metadata, ...change }).filter(([, v]) => v !== undefined)) as Record<
        string,
        string
      >,
    );
  const equipment = JSON.parse(metadata.equipment);
  const refused: [string, Uint8Array, new (...a: never[]) => Error, RegExp][] = [
    [
      "a file of another kind",
      spoiled({ format: undefined }),
      ParseError,
      /format is null, not "fiducial\/scout-model@1"/,
    ],
    ["no settings", spoiled({ net: undefined }), ParseError, /"net" is missing; fetch the file again/],
    ["settings that are none", spoiled({ net: "{" }), ParseError, /"net" is no JSON/],
    ["an impossible network", spoiled({ net: '{"stride":3}' }), ParseError, /"net" is wrong at stride/],
    ["no estimator", spoiled({ equipment: "{}" }), ParseError, /"equipment" is wrong at format/],
    [
      "an estimator of another network",
      spoiled({
        equipment: JSON.stringify({ ...equipment, usual_spread_mm: { ...equipment.usual_spread_mm, axial: [1] } }),
      }),
      DataError,
      /axial landmarks, the estimator has the spread of 1/,
    ],
    [
      "a landmark that the template does not know",
      spoiled({ net: metadata.net.replaceAll('"brain_stem"', '"brain_root"') }),
      DataError,
      /no landmark "brain_root"/,
    ],
  ];
  test.each(refused)("refuses %s", (_, file, kind, message) => {
    const read = (): unknown => readScoutModel(file, "head.safetensors");
    expect(read).toThrow(kind);
    expect(read).toThrow(message);
    expect(read).toThrow(/^head\.safetensors: /);
  });

  test("names the file whose weights do not fit", async () => {
    const device = await testDevice();
    const file = readScoutModel(bytes, "head.safetensors");
    const fewer = { ...file, weights: new Map([...file.weights].filter(([name]) => !name.endsWith("weight"))) };
    await expect(loadScoutModel(fewer, device)).rejects.toThrow(CheckpointError);
    await expect(loadScoutModel(fewer, device)).rejects.toThrow(/^head\.safetensors: /);
  });
});
