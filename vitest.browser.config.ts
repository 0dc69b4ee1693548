import { existsSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { listOps } from "./scripts/list-ops.ts";

listOps();

/** The op table in a real browser: Debian's Chromium on SwiftShader (CHROMIUM names another). */
export const chromium = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((p) => p && existsSync(p));

/** WebGPU without a GPU. */
export const chromiumFlags = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
];

export default defineConfig({
  resolve: { conditions: ["fiducial-source"] },
  test: {
    name: "browser",
    include: ["test/browser/**/*.test.ts", "test/tensor/ops/*.test.ts", "test/landmarks/ops/*.test.ts"],
    testTimeout: 120_000,
    fileParallelism: false,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: chromium,
          args: chromiumFlags,
        },
      }),
      instances: [{ browser: "chromium" }],
    },
  },
});
