/** A user's project is compiled against the packed declarations, with the compiler looking into them as well. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { manifest, root } from "./packed.ts";

export interface Project {
  /** With the DOM library and nothing else, or without it and with Node's types. */
  readonly dom: boolean;
  readonly module: "node16" | "bundler";
}

export const projects: readonly Project[] = [true, false].flatMap((dom) =>
  (["node16", "bundler"] as const).map((module) => ({ dom, module })),
);

const entries: readonly string[] = Object.keys(manifest.exports).filter((name) => name !== "./package.json");

/** Every entry, README's example, and options passed on as they came. */
const sources = (): Readonly<Record<string, string>> => ({
  "readme.ts": /```ts\n(import [\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1] ?? "",
  "entries.ts": entries.map((name, i) => `export * as entry${i} from "fiducial${name.slice(1)}";`).join("\n"),
  "options.ts": `import { type Conv2dOptions, conv2d, type Device, openDevice, type Tensor } from "fiducial";
import { adam } from "fiducial/training";
export const open = (maxBytes?: number) => openDevice({ maxBytes, adapter: undefined });
export const convolve = (x: Tensor, w: Tensor, padding?: number): Tensor => conv2d(x, w, { padding, stride: undefined });
export const options: Conv2dOptions = { dilation: undefined };
export const optimizer = (lr: number, weightDecay?: number) => adam({ lr, weightDecay });
// Types that were not found would be any, and any is wrong nowhere.
// @ts-expect-error: a shape is no number
export const wrong = (x: Tensor): number => x.shape;
export const largest = (device: Device): number => device.limits.maxBufferSize;
// @ts-expect-error: a limit is a number
export const text = (device: Device): string => device.limits.maxBufferSize;
`,
});

/** What the compiler says; nothing where all is well. */
export function compile(home: string, compiler: string, { dom, module }: Project): string {
  const folder = join(home, `types-${dom ? "dom" : "plain"}-${module}`);
  mkdirSync(folder, { recursive: true });
  for (const [name, code] of Object.entries(sources())) writeFileSync(join(folder, name), code);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    target: "es2022",
    lib: ["ES2023", "ESNext.Disposable", ...(dom ? ["DOM"] : [])],
    types: dom ? [] : ["node"],
    ...(module === "node16"
      ? { module: "node16", moduleResolution: "node16" }
      : { module: "esnext", moduleResolution: "bundler" }),
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  const { stdout, stderr } = spawnSync(process.execPath, [compiler, "-p", folder], { encoding: "utf8" });
  return `${stdout}${stderr}`.trim();
}
