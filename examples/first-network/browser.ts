/** The same in a page: trains, then offers the weights as a file and tests what was read back from its bytes. */
import { openDevice } from "fiducial";
import { readSafetensors, writeSafetensors } from "fiducial/io";
import { DiscFinder, test, train } from "./network.ts";

const say = (line: string): void => document.body.append(line, document.createElement("br"));
const device = await openDevice();
say(`on ${device.info.description}`);
const trained = await train(device, say);
const bytes = writeSafetensors(await trained.stateDict());

const link = document.createElement("a");
link.href = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
link.download = link.textContent = "discs.safetensors";
document.body.append(link, document.createElement("br"));

const model = new DiscFinder().load(device, readSafetensors(bytes)).eval();
say(`reloaded: ${(await test(model, device)).toFixed(2)} pixels off on images it has not seen`);
