import { DeviceError } from "../errors.ts";
import { expandFor, type ParamType, type Shader } from "./shader.ts";

const size: Record<ParamType, [align: number, bytes: number]> = {
  u32: [4, 4],
  i32: [4, 4],
  f32: [4, 4],
  vec4u: [16, 16],
  vec4i: [16, 16],
  vec4f: [16, 16],
};

const tilesOf = (source: string): Record<string, number> =>
  Object.fromEntries(
    [...source.matchAll(/const (\w+)\s*(?::\s*u32)?\s*=\s*(\d+)u?;\s*\/\/ @tile/g)].map((m) => [m[1], Number(m[2])]),
  );

/**
 * Reads what `dispatch` needs to know from WGSL text: `struct Params`, storage bindings in order from 1, overrides, marks.
 * @param file names the shader in messages; its last part without `.wgsl` is the shader's name.
 * @param origin where runs of lines come from, for text that was assembled.
 * @throws DeviceError naming the file and the text for what it cannot read.
 */
export function parseShader(source: string, file: string, origin?: Shader["origin"]): Shader {
  const body = /struct Params \{([^}]*)\}/.exec(source)?.[1];
  if (body === undefined) throw new DeviceError(`${file}: no "struct Params { ... }"`);
  let at = 0;
  const params: Shader["params"][number][] = [];
  for (const field of body
    .replace(/\/\/.*$/gm, "")
    .split(/,(?![^<]*>)/)
    .map((f) => f.trim())
    .filter(Boolean)) {
    const m = /^(\w+)\s*:\s*(?:array<(\w+),\s*(\d+)>|(\w+))$/.exec(field);
    const type = (m?.[2] ?? m?.[4]) as ParamType;
    if (!m || !(type in size)) throw new DeviceError(`${file}: cannot read the params field "${field}"`);
    const count = m[3] ? Number(m[3]) : 1;
    if (count > 1 && !type.startsWith("vec4")) {
      throw new DeviceError(`${file}: arrays in uniforms are of vec4 ("${field}")`);
    }
    const [align, bytes] = size[type];
    at = Math.ceil(at / align) * align;
    params.push({ name: m[1], type, offset: at, count });
    at += bytes * count;
  }
  const bindings = [
    ...source.matchAll(/@group\(0\) @binding\((\d+)\)\s*var<storage,\s*(read|read_write)>\s*(\w+)/g),
  ].sort((a, b) => Number(a[1]) - Number(b[1]));
  bindings.forEach((b, i) => {
    if (Number(b[1]) !== i + 1) throw new DeviceError(`${file}: binding ${b[1]} (${b[3]}) should be ${i + 1}`);
  });
  const tiles = tilesOf(source);
  for (const m of source.matchAll(/^\s*\/\/ @for (.*)$/gm)) expandFor(m[1], tiles, file);
  const features: Shader["features"][number][] = [];
  if (/^enable f16;/m.test(source)) features.push("shader-f16");
  if (/^enable subgroups;/m.test(source)) features.push("subgroups");
  if (/^enable chromium_experimental_subgroup_matrix;/m.test(source))
    features.push("chromium-experimental-subgroup-matrix");
  return {
    name: file.replace(/^.*\//, "").replace(/\.wgsl$/, ""),
    file,
    source,
    ...(origin && { origin }),
    bindings: bindings.map((b) => ({ name: b[3], access: b[2] as "read" | "read_write" })),
    params,
    paramBytes: Math.ceil(at / 16) * 16,
    overrides: [...source.matchAll(/^override (\w+)/gm)].map((m) => m[1]),
    tiles,
    exprs: [...source.matchAll(/\/\/ @(?:expr|body) (\w+)/g)].map((m) => m[1]),
    features,
  };
}
