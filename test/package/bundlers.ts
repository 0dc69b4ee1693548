/** Bundles for browsers, as users of each bundler make them: production settings, nothing else. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { readmeCode } from "./packed.ts";

/** Bundles `home/NAME.js` into one module, whose text it gives. */
export type Bundler = (home: string, name: string) => Promise<string>;

/** Loads tools from a folder with node_modules: the clone, or the matrix. */
export class Tools {
  readonly #require: NodeJS.Require;
  constructor(folder: string) {
    this.#require = createRequire(join(folder, "package.json"));
  }
  // Each version of a tool has types of its own; what is used here is the same in all.
  // biome-ignore lint/suspicious/noExplicitAny: as above
  load(name: string): Promise<any> {
    return import(pathToFileURL(this.#require.resolve(name)).href);
  }
  version(name: string): string {
    const folder = this.#require.resolve.paths(name)?.[0] ?? "";
    return JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8")).version;
  }
}

const entry = (home: string, name: string): string => join(home, `${name}.js`);

const esbuild = (tools: Tools): Bundler => {
  return async (home, name) => {
    const { build } = await tools.load("esbuild");
    const { outputFiles } = await build({
      entryPoints: [entry(home, name)],
      bundle: true,
      minify: true,
      format: "esm",
      write: false,
    });
    return outputFiles[0].text;
  };
};

const rolldown = (tools: Tools): Bundler => {
  return async (home, name) => {
    const { rolldown: open } = await tools.load("rolldown");
    const bundle = await open({ input: entry(home, name), platform: "browser" });
    return (await bundle.generate({ format: "esm", minify: true })).output[0].code;
  };
};

/** Plain rollup reads no CommonJS. It minifies nothing, so esbuild does. */
const rollup = (tools: Tools): Bundler => {
  return async (home, name) => {
    const { rollup: open } = await tools.load("rollup");
    const { nodeResolve } = await tools.load("@rollup/plugin-node-resolve");
    const bundle = await open({ input: entry(home, name), plugins: [nodeResolve({ browser: true })] });
    const { code } = (await bundle.generate({ format: "es" })).output[0];
    const { transform } = await tools.load("esbuild");
    return (await transform(code, { minify: true, format: "esm" })).code;
  };
};

const webpack = (tools: Tools): Bundler => {
  return async (home, name) => {
    const { default: run } = await tools.load("webpack");
    const config = {
      mode: "production",
      context: home,
      entry: entry(home, name),
      output: { path: join(home, "webpack"), filename: `${name}.js`, module: true },
      experiments: { outputModule: true },
    };
    await new Promise<void>((done, fail) => {
      run(config, (error: Error | null, stats: { hasErrors(): boolean; toString(options: object): string }) => {
        if (error ?? stats.hasErrors()) fail(error ?? new Error(stats.toString({ all: false, errors: true })));
        else done();
      });
    });
    return readFileSync(join(home, "webpack", `${name}.js`), "utf8");
  };
};

const vite = (tools: Tools, which: string): Bundler => {
  return async (home, name) => {
    const loaded = await tools.load(which);
    const { build } = loaded.build ? loaded : loaded.default; // version 5 is CommonJS here
    const made = await build({
      root: home,
      logLevel: "silent",
      configFile: false,
      build: {
        write: false,
        target: "esnext",
        modulePreload: false,
        rollupOptions: { input: entry(home, name), preserveEntrySignatures: "exports-only" },
      },
    });
    return made.output.find((o: { isEntry?: boolean }) => o.isEntry).code;
  };
};

/** The bundlers of a folder's node_modules, by name and version; Vite's versions go by the names given. */
export function bundlersOf(tools: Tools, wanted: readonly string[]): Map<string, Bundler> {
  const makers: Record<string, (tools: Tools) => Bundler> = { esbuild, rolldown, rollup, webpack };
  return new Map(
    wanted.map((name) => {
      const bundler = name.startsWith("vite") ? vite(tools, name) : makers[name](tools);
      return [`${name.replace(/-\d+$/, "")} ${tools.version(name)}`, bundler];
    }),
  );
}

const methods = ["add", "relu", "sum", "reshape", "softmax", "backward"];

/** Programs that are bundled: what README shows, and three small ones whose size tells whether unused parts are dropped. */
const programs: Readonly<Record<string, string>> = {
  readme: `import { Tensor } from "fiducial";
const said = [];
const console = { log: (...values) => said.push(...values) };
${readmeCode()}
globalThis.report = {
  values: [...said[0]],
  missing: ${JSON.stringify(methods)}.filter((m) => typeof Tensor.prototype[m] !== "function"),
};
`,
  conv2d: 'import { conv2d, openDevice } from "fiducial";\nglobalThis.used = [conv2d, openDevice];\n',
  device: 'import { openDevice } from "fiducial";\nglobalThis.used = [openDevice];\n',
  network: `import { openDevice } from "fiducial";
import { UNet } from "fiducial/models";
globalThis.used = [openDevice, UNet];
`,
};

/** What README's program reports from a browser: the numbers that it logs, and the methods it misses. */
export interface Report {
  readonly values: readonly number[];
  readonly missing: readonly string[];
}

export interface Bundles {
  readonly readme: string;
  /** Bytes of the small programs, gzipped. */
  readonly sizes: Readonly<Record<"conv2d" | "device" | "network", number>>;
}

export async function bundle(bundler: Bundler, home: string): Promise<Bundles> {
  const texts: Record<string, string> = {};
  for (const [name, code] of Object.entries(programs)) {
    writeFileSync(entry(home, name), code);
    texts[name] = await bundler(home, name);
  }
  const size = (name: string): number => gzipSync(texts[name], { level: 9 }).length;
  return { readme: texts.readme, sizes: { conv2d: size("conv2d"), device: size("device"), network: size("network") } };
}
