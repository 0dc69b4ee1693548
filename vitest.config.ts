import { defineConfig } from "vitest/config";
import { listOps } from "./scripts/list-ops.ts";

listOps();

// pure: no GPU. gpu: the real adapter, one file at a time (a device each). model: slow checks of whole networks.
// package: the packed package as a user sees it. browser: vitest.browser.config.ts.
const project = (name: string, include: string[], extra: object = {}) => ({
  resolve: { conditions: ["fiducial-source"] },
  ssr: { resolve: { conditions: ["fiducial-source", "node"] } },
  test: { name, include, testTimeout: 120_000, hookTimeout: 120_000, ...extra },
});

/** Rooms whose tests need no GPU. */
const pure = ["geometry", "calibration", "io", "mri/scouts", "mri/phantom", "metrics", "report", "cli", "house"].map(
  (d) => `test/${d}/**/*.test.ts`,
);

/** A device a file, one file at a time, and nothing of one test left when the next begins. */
const onDevice = {
  fileParallelism: false,
  pool: "forks",
  execArgv: ["--expose-gc"],
  setupFiles: ["test/harness/settle.ts"],
};

export default defineConfig({
  test: {
    projects: [
      project("pure", [...pure, "test/*.test.ts"], { setupFiles: ["test/harness/property.ts"] }),
      project("gpu", ["test/{device,kernels,tensor,nn,landmarks,models,training,mri}/**/*.test.ts"], {
        ...onDevice,
        exclude: pure,
      }),
      project("model", ["test/model/**/*.test.ts"], { ...onDevice, testTimeout: 900_000 }),
      project("package", ["test/package/**/*.test.ts"], { fileParallelism: false, testTimeout: 300_000 }),
    ],
  },
});
