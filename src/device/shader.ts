import { DeviceError } from "../errors.ts";
import { withHalves } from "./half-shader.ts";

/**
 * What `scripts/wgsl.ts` knows about one WGSL file, and how it is specialized: uniform params for sizes, `override`
 * for few-valued numbers, text only on marked lines (`// @dtype`, `// @tile`, `// @expr`, `// @body`, `// @for`).
 */
export type ParamType = "u32" | "i32" | "f32" | "vec4u" | "vec4i" | "vec4f";

export interface Shader {
  readonly name: string;
  /** Path from the repository root, for messages. */
  readonly file: string;
  readonly source: string;
  /** Where runs of lines of `source` come from: the line a run begins on (from 1), the file, its line there. None: `file`. */
  readonly origin?: readonly (readonly [line: number, file: string, fileLine: number])[];
  /** Storage bindings in order, from binding 1; binding 0 is the uniform `params`. */
  readonly bindings: readonly { readonly name: string; readonly access: "read" | "read_write" }[];
  readonly params: readonly {
    readonly name: string;
    readonly type: ParamType;
    readonly offset: number;
    readonly count: number;
  }[];
  readonly paramBytes: number;
  readonly overrides: readonly string[];
  readonly tiles: Readonly<Record<string, number>>;
  readonly exprs: readonly string[];
  readonly features: readonly ("shader-f16" | "subgroups" | "chromium-experimental-subgroup-matrix")[];
}

/** One number or a list; either where the text was read at run time, so that the compiler does not know the field. */
type ParamValue<P extends Shader["params"][number]> = number extends P["count"]
  ? number | readonly number[]
  : P["type"] extends "u32" | "i32" | "f32"
    ? P["count"] extends 1
      ? number
      : readonly number[]
    : readonly number[];

/** The params a shader takes; a field renamed in WGSL becomes a type error here. */
export type ParamsOf<S extends Shader> = { readonly [P in S["params"][number] as P["name"]]: ParamValue<P> };
export type BindingsOf<S extends Shader, B> = { readonly [P in S["bindings"][number] as P["name"]]: B };

/** One pipeline: a shader and all that specializes it. This object alone decides the cache key. */
export interface PipelineSpec<S extends Shader = Shader> {
  readonly shader: S;
  readonly overrides?: { readonly [K in S["overrides"][number]]?: number };
  readonly tiles?: { readonly [K in keyof S["tiles"]]?: number };
  readonly exprs?: { readonly [K in S["exprs"][number]]?: string };
  readonly dtype?: "f32" | "f16" | "i32" | "u32" | "vec4f" | "vec4u";
  /** Bit i: the shader's storage binding i holds half precision; set by `dispatch` from what is bound. */
  readonly half?: number;
}

const sorted = (o: object | undefined): string =>
  o === undefined
    ? ""
    : Object.entries(o)
        .filter(([, v]) => v !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .join(";");

/** The one place where a pipeline's identity is made. */
export const pipelineKey = (s: PipelineSpec): string =>
  `${s.shader.name}|${sorted(s.overrides)}|${sorted(s.tiles)}|${sorted(s.exprs)}|${s.dtype ?? ""}${s.half ? `|half ${s.half}` : ""}`;

/** The text between the parenthesis that opens at `from` and the one that closes it, and where that ends. */
function within(text: string, from: number, where: string): { inner: string; end: number } {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "(") depth++;
    else if (text[i] === ")" && --depth === 0) return { inner: text.slice(from + 1, i), end: i + 1 };
  }
  throw new DeviceError(`${where}: "@(" is not closed`);
}

/** `@(i TM: text)` within a template: the text for each i, one after the other. */
function expandWithin(line: string, tiles: Readonly<Record<string, number>>, where: string): string {
  const at = line.indexOf("@(");
  if (at < 0) return line;
  const { inner, end } = within(line, at + 1, where);
  return line.slice(0, at) + expandFor(inner, tiles, where).join(" ") + expandWithin(line.slice(end), tiles, where);
}

/**
 * Repeats a `@for` template: `i TM, j TN: text` with i outermost; `{i}` becomes the number, and `@(c 4: text)` within it is
 * repeated in its place.
 */
export function expandFor(head: string, tiles: Readonly<Record<string, number>>, where: string): string[] {
  const colon = head.indexOf(":");
  const loops = head
    .slice(0, colon)
    .split(",")
    .map((l) => l.trim().split(/\s+/));
  let lines = [head.slice(colon + 1).trim()];
  for (const [variable, bound] of loops) {
    const n = /^\d+$/.test(bound) ? Number(bound) : tiles[bound];
    if (n === undefined) {
      throw new DeviceError(`${where}: @for names ${bound}, which is no number and no // @tile constant`);
    }
    lines = lines.flatMap((line) => Array.from({ length: n }, (_, i) => line.replaceAll(`{${variable}}`, `${i}`)));
  }
  return lines.map((line) => expandWithin(line, tiles, where));
}

/** `file:line` on disk of a line of `source` (from 1). */
export function placeOf(shader: Shader, line: number): string {
  const run = shader.origin?.findLast(([first]) => first <= line);
  return run ? `${run[1]}:${line - run[0] + run[2]}` : `${shader.file}:${line}`;
}

/** The WGSL text of a pipeline and, for each of its lines, the line of `source` it came from (from 1; 0: from none). */
export function specialize(spec: PipelineSpec): { code: string; lines: number[] } {
  const tiles: Record<string, number> = { ...spec.shader.tiles };
  for (const [k, v] of Object.entries(spec.tiles ?? {})) if (v !== undefined) tiles[k] = v as number;
  const out: string[] = [];
  const lines: number[] = [];
  const emit = (text: string, line: number) => {
    out.push(text);
    lines.push(line);
  };
  if ((spec.dtype === "f16" || spec.half) && !spec.shader.features.includes("shader-f16")) emit("enable f16;", 0);
  spec.shader.source.split("\n").forEach((text, at) => {
    const line = at + 1;
    const mark = /\/\/ @(\w+)\s*(.*)$/.exec(text);
    if (mark?.[1] === "for") {
      for (const l of expandFor(mark[2], tiles, placeOf(spec.shader, line))) emit(l, line);
    } else if (mark?.[1] === "tile") {
      const name = /const (\w+)/.exec(text)?.[1] ?? "";
      emit(text.replace(/=\s*\d+u?/, `= ${tiles[name]}u`), line);
    } else if (mark?.[1] === "expr") {
      const expr = (spec.exprs as Record<string, string> | undefined)?.[mark[2].trim()];
      emit(expr === undefined ? text : text.replace(/return [^;]*;/, () => `return ${expr};`), line);
    } else if (mark?.[1] === "body") {
      emit((spec.exprs as Record<string, string> | undefined)?.[mark[2].trim()] ?? text, line);
    } else if (mark?.[1] === "dtype") emit(spec.dtype ? text.replace(/=\s*\w+/, `= ${spec.dtype}`) : text, line);
    else emit(text, line);
  });
  const code = out.join("\n");
  return { code: spec.half ? withHalves(code, spec.shader, spec.half) : code, lines };
}
