import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { NoAdapterError } from "../errors.ts";
import { adapterFixes } from "./adapter.ts";

/**
 * A software adapter without root, system libraries or environment variables. Dawn looks for `libvulkan.so.1` first in
 * the folder of `dawn.node`, and SwiftShader's one library exports the Vulkan loader's entry point: a cache folder with
 * a copy of `dawn.node` and the library under that name makes Dawn run on SwiftShader. The library comes from the npm
 * package @sparticuz/chromium (bin/swiftshader.tar.br); Linux only.
 */

interface Dawn {
  create(options: string[]): GPU;
}

let loaded: Dawn | undefined;

const packageRoot = (name: string, marker: string): string | undefined => {
  try {
    let folder = dirname(createRequire(import.meta.url).resolve(name));
    while (!existsSync(join(folder, marker))) {
      const up = dirname(folder);
      if (up === folder) return undefined;
      folder = up;
    }
    return folder;
  } catch {
    return undefined;
  }
};

/** Where the embedded adapter would come from, for messages. */
export const embeddedSource = (): string => "@sparticuz/chromium (bin/swiftshader.tar.br)";

/** The file of that name in an uncompressed tar archive. */
function fromTar(tar: Uint8Array, name: string): Uint8Array | undefined {
  const text = (from: number, to: number) =>
    Buffer.from(tar.subarray(from, to)).toString("latin1").replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= tar.length; ) {
    const bytes = Number.parseInt(text(at + 124, at + 136).trim() || "0", 8);
    if (text(at, at + 100).endsWith(name)) return tar.subarray(at + 512, at + 512 + bytes);
    at += 512 + Math.ceil(bytes / 512) * 512;
  }
  return undefined;
}

const cacheFolders = (): string[] => [
  ...(process.env.XDG_CACHE_HOME ? [join(process.env.XDG_CACHE_HOME, "fiducial")] : []),
  join(homedir(), ".cache", "fiducial"),
  join(tmpdir(), `fiducial-${process.getuid?.() ?? "user"}`),
];

/**
 * Why there is no embedded adapter, on `place` ("linux-x64"). `insisted`: it alone was asked for, so nothing is known of the
 * system's.
 */
export function lacking(place: string, packageThere: boolean, insisted: boolean): NoAdapterError {
  const here = place === "linux-x64";
  const missing = !here
    ? `this is ${place}`
    : packageThere
      ? "dawn.node of the package webgpu is missing"
      : "the package is missing";
  const head = insisted ? "no embedded adapter: it" : "no adapter: the system has none, and the embedded one";
  const [system, install] = adapterFixes(false);
  const other = 'the system\'s own adapter: openDevice({ adapter: "system" }), or --adapter system';
  const fixes = insisted ? (here ? [install, other] : [other]) : here ? [system, install] : [system];
  return new NoAdapterError(`${head} needs Linux x64 and the package @sparticuz/chromium (${missing})`, fixes);
}

/** The folder with both files, made once and shared by processes: built beside, then renamed into place. */
function prepare(insisted: boolean): string {
  const dawnRoot = packageRoot("webgpu", "dist");
  const shaderRoot = packageRoot("@sparticuz/chromium", "bin/swiftshader.tar.br");
  const dawn = dawnRoot && join(dawnRoot, "dist", `${process.platform}-${process.arch}`, "dawn.node");
  const place = `${process.platform}-${process.arch}`;
  const here = place === "linux-x64";
  if (!here || !dawn || !existsSync(dawn) || !shaderRoot) throw lacking(place, shaderRoot !== undefined, insisted);
  const archive = readFileSync(join(shaderRoot, "bin/swiftshader.tar.br"));
  const name = `dawn-${createHash("sha256").update(archive).update(readFileSync(dawn)).digest("hex").slice(0, 16)}`;
  let failure: unknown;
  for (const cache of cacheFolders()) {
    const folder = join(cache, name);
    if (existsSync(join(folder, "libvulkan.so.1"))) return folder;
    try {
      mkdirSync(cache, { recursive: true, mode: 0o700 });
      const temporary = mkdtempSync(join(cache, "new-"));
      const library = fromTar(brotliDecompressSync(archive), "libvk_swiftshader.so");
      if (!library) throw new NoAdapterError(`${embeddedSource()} holds no libvk_swiftshader.so`, adapterFixes(false));
      copyFileSync(dawn, join(temporary, "dawn.node"));
      writeFileSync(join(temporary, "libvulkan.so.1"), library);
      try {
        renameSync(temporary, folder);
      } catch (error) {
        rmSync(temporary, { recursive: true, force: true });
        if (!existsSync(join(folder, "libvulkan.so.1"))) throw error; // else another process was first
      }
      return folder;
    } catch (error) {
      failure = error;
    }
  }
  throw new NoAdapterError(
    `no adapter: no cache folder could be written (${cacheFolders().join(", ")}): ${failure}`,
    adapterFixes(false),
  );
}

/** The private copy of Dawn that finds SwiftShader (`insisted`: asked for by name); opened once a process (worker threads open their own). */
export function embeddedDawn(insisted: boolean): Dawn {
  if (!loaded) {
    const module = { exports: {} as Dawn };
    process.dlopen(module, join(prepare(insisted), "dawn.node"));
    loaded = module.exports;
  }
  return loaded;
}
