import { afterAll } from "vitest";
import { type AdapterChoice, type Device, openDevice } from "../../src/device/index.ts";

let shared: Promise<Device> | undefined;

/** The one device of a test file; FIDUCIAL_ADAPTER=system|embedded insists on an adapter. */
export function testDevice(): Promise<Device> {
  shared ??= openDevice({ adapter: globalThis.process?.env?.FIDUCIAL_ADAPTER as AdapterChoice | undefined });
  return shared;
}

afterAll(async () => {
  (await shared)?.destroy();
  shared = undefined;
});
