import { parseShader } from "./parse-shader.ts";
import type { Shader } from "./shader.ts";

/**
 * A run of lines of one WGSL file, cut out by `scripts/wgsl.ts`: the line it begins on, the text, and the file where it is not the
 * shader's own. An item of `wgsl/lib` is one such part, which all shaders that need it share.
 */
export type ShaderPart = readonly [line: number, text: string, file?: string];

/** The text of parts one after the other, and where its lines come from. */
export function joinParts(parts: readonly ShaderPart[], file: string): Required<Pick<Shader, "source" | "origin">> {
  const origin: [number, string, number][] = [];
  let line = 1;
  for (const [first, text, from = file] of parts) {
    origin.push([line, from, first]);
    line += text.split("\n").length;
  }
  return { source: parts.map(([, text]) => `${text}\n`).join(""), origin };
}

const fields: readonly (keyof Shader)[] = [
  "name",
  "file",
  "source",
  "origin",
  "bindings",
  "params",
  "paramBytes",
  "overrides",
  "tiles",
  "exprs",
  "features",
];

/**
 * A shader from its parts, put together and read when it is first looked at: a program loads many shaders and runs few. What its
 * text says is written once more in S, for the compiler alone.
 */
export function shaderOf<S extends Shader>(file: string, parts: readonly ShaderPart[]): S {
  const shader = {} as S;
  const read = (): void => {
    const { source, origin } = joinParts(parts, file);
    const known = parseShader(source, file, origin);
    for (const key of fields) Object.defineProperty(shader, key, { value: known[key], enumerable: true });
  };
  for (const key of fields) {
    const get = (): unknown => {
      read();
      return shader[key];
    };
    Object.defineProperty(shader, key, { get, enumerable: true, configurable: true });
  }
  return shader;
}
