/** Trains, saves, reloads and tests the network of network.ts. */
import { readFile, writeFile } from "node:fs/promises";
import { openDevice } from "fiducial";
import { readSafetensors, writeSafetensors } from "fiducial/io";
import { DiscFinder, test, train } from "./network.ts";

const device = await openDevice();
console.log(`on ${device.info.description}`);
const trained = await train(device, console.log);
await writeFile("discs.safetensors", writeSafetensors(await trained.stateDict()));

const model = new DiscFinder().load(device, readSafetensors(await readFile("discs.safetensors"))).eval();
console.log(`reloaded: ${(await test(model, device)).toFixed(2)} pixels off on images it has not seen`);
device.destroy();
