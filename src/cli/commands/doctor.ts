import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { DeviceError, NoAdapterError } from "../../errors.ts";
import { type CommandOutcome, type Context, define, type Host } from "../command.ts";
import { adapterAdvice, exitCodes } from "../exit.ts";

interface Missing {
  readonly what: string;
  readonly command: string;
}

const limitsOf = (limits: object): Record<string, number> => {
  const out: Record<string, number> = {};
  // The limits are getters of the prototype, which Object.keys does not see.
  for (const name in limits) {
    const value = (limits as Record<string, unknown>)[name];
    if (typeof value === "number") out[name] = value;
  }
  return Object.fromEntries(Object.entries(out).sort(([a], [b]) => (a < b ? -1 : 1)));
};

const bytes = (n: number): string =>
  n >= 2 ** 30 ? `${(n / 2 ** 30).toFixed(1)} GiB` : `${Math.round(n / 2 ** 20)} MiB`;

const printMissing = (context: Context, missing: readonly Missing[]): void => {
  for (const { what, command } of missing) context.print(`missing: ${what}\n  ${command}`);
};

const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** In a clone the tests want a browser; an installed package has no tests. */
const missingForTests = (): Missing[] => {
  const inClone = existsSync(fileURLToPath(new URL("../../../test/browser", import.meta.url)));
  if (!inClone || [process.env.CHROMIUM, ...browsers].some((path) => path && existsSync(path))) return [];
  return [
    {
      what: "Chromium, for the tests in a browser (CHROMIUM names one elsewhere)",
      command: "apt-get install chromium",
    },
  ];
};

const facts = { node: process.version, platform: `${process.platform} ${process.arch}` };

/** There is no adapter, or none that computes rightly: said in the JSON, too. */
const withoutAdapter = (
  context: Context,
  error: NoAdapterError | DeviceError,
  missing: readonly Missing[],
  insisted?: string,
): CommandOutcome => {
  const fixes = error instanceof NoAdapterError ? adapterAdvice(error) : [];
  context.print(`no usable adapter: ${error.message}`);
  if (fixes.length > 0) context.print(["To mend it, any one of these:", ...fixes.map((f) => `  ${f}`)].join("\n"));
  if (insisted) context.print(`or leave out --adapter ${insisted}: any adapter that works is taken then`);
  const known = new Set(missing.map((m) => m.command));
  const all = [
    ...missing,
    ...fixes.filter((f) => !known.has(f)).map((command) => ({ what: "a usable adapter", command })),
  ];
  return {
    exitCode: exitCodes.noAdapter,
    json: {
      adapter: { vendor: null, architecture: null, description: null, kind: null, reason: error.message },
      features: [],
      limits: {},
      self_test: error instanceof NoAdapterError ? `not run: ${error.message}` : error.message,
      missing: all,
      ...facts,
    },
  };
};

export const register = (program: Command, host: Host): void => {
  const command = program
    .command("doctor")
    .description("Say which GPU adapter runs, whether it computes rightly, and what is missing.");
  define(command, host, {
    examples: ["fiducial doctor", "fiducial doctor --adapter embedded --json doctor.json"],
    run: async (context, options) => {
      const { missingParts } = await import("../../device/index.ts");
      let device: Awaited<ReturnType<Context["openDevice"]>>;
      try {
        device = await context.openDevice();
      } catch (error) {
        if (error instanceof NoAdapterError || error instanceof DeviceError)
          return withoutAdapter(context, error, [...missingParts("embedded"), ...missingForTests()], options.adapter);
        throw error;
      }
      const { vendor, architecture, description, kind, hash } = device.info;
      const features = [...device.features].sort();
      const limits = limitsOf(device.limits);
      const missing = [...missingParts(kind), ...missingForTests()];
      context.print(`adapter    ${description} (${vendor}, ${architecture}; ${kind})`);
      context.print(`hash       ${hash}`);
      context.print("self-test  passed");
      context.print(`features   ${features.join(", ") || "none"}`);
      context.print(
        `memory     buffers up to ${bytes(limits.maxBufferSize)}, bindings up to ${bytes(limits.maxStorageBufferBindingSize)}`,
      );
      context.print(`node       ${facts.node}, ${facts.platform}`);
      context.print(
        "warnings   Dawn writes two lines about maxDynamic...BuffersPerPipelineLayout at each start; they mean nothing here",
      );
      printMissing(context, missing);
      if (missing.length === 0) context.print("nothing is missing");
      return {
        json: {
          adapter: { vendor, architecture, description, kind },
          features,
          limits,
          self_test: "passed",
          missing,
          ...facts,
        },
      };
    },
  });
};
