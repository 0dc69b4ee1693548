import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

export interface Packed {
  /** A folder of a stranger who installed the package: node_modules with it and its dependencies, nothing else. */
  readonly home: string;
  readonly tarball: string;
  readonly files: readonly string[];
  remove(): void;
}

/** Builds and packs the package, and installs the tarball in a new folder: its dependencies are those of the clone. */
export function pack(): Packed {
  execFileSync("npm", ["run", "-s", "build"], { cwd: root, stdio: "pipe" });
  const home = mkdtempSync(join(tmpdir(), "fiducial-package-"));
  const [{ filename, files }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", home], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  const tarball = join(home, filename);
  const modules = join(home, "node_modules");
  mkdirSync(join(modules, "fiducial"), { recursive: true });
  execFileSync("tar", ["xzf", tarball, "-C", join(modules, "fiducial"), "--strip-components=1"]);
  // The optional peer too: where the system has no adapter, a user has installed it, as the error says.
  // And Node's types, which a program for Node has.
  const wanted = [...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }), "@types/node"];
  for (const name of wanted) {
    if (name.startsWith("@")) mkdirSync(join(modules, name.split("/")[0]), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  return {
    home,
    tarball,
    files: files.map((f: { path: string }) => f.path),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** The library's example in README, as plain JavaScript; `using` needs newer engines than some of those it runs in. */
export function readmeCode(): string {
  const code = /```ts\n(import [\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1];
  if (!code) throw new Error("README has no example that imports the library");
  return `${code.replace("using device", "const device").replaceAll("!", "")}device.destroy();\n`;
}
