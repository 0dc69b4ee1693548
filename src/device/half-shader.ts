import { DeviceError } from "../errors.ts";
import type { Shader } from "./shader.ts";

/**
 * Turns a shader's bindings into half precision, in its text: `array<f32>` becomes `array<f16>`, every read of it widens to
 * float32 and every store rounds, so that each kernel serves both and works out everything in float32.
 *
 * A binding of `array<vec2f>` (places) becomes `array<vec2h>`, one of `array<vec4f>` (four numbers at a time) `array<vec4h>`; one of
 * `array<u32>` or `array<vec4u>` holds the bits of float32 numbers in kernels that move any dtype, and reads and stores these as
 * bits. A store of a plain read of another such binding is a copy.
 */

interface Kind {
  readonly element: string;
  /** Of what the binding holds, as the kernel's own type. */
  read(at: string): string;
  /** Of a value of the kernel's own type, as what the binding holds. */
  store(value: string): string;
}

const kinds: Readonly<Record<string, Kind>> = {
  f32: { element: "f16", read: (at) => `f32(${at})`, store: (v) => `f16(${v})` },
  vec4f: { element: "vec4h", read: (at) => `vec4f(${at})`, store: (v) => `vec4h(${v})` },
  vec2f: { element: "vec2h", read: (at) => `vec2f(${at})`, store: (v) => `vec2h(${v})` },
  vec4u: {
    element: "vec4h",
    read: (at) => `bitcast<vec4u>(vec4f(${at}))`,
    store: (v) => `vec4h(bitcast<vec4f>(${v}))`,
  },
  u32: { element: "f16", read: (at) => `bitcast<u32>(f32(${at}))`, store: (v) => `f16(bitcast<f32>(${v}))` },
};

/** The shader's bindings that are half, from the bits of a mask: bit i is binding i + 1 of the text. */
const halfNames = (shader: Shader, mask: number): string[] =>
  shader.bindings.filter((_, i) => (mask >> i) & 1).map((b) => b.name);

/** The end of the bracket that opens at `from`, or of what ends at `close` on that level. */
function endOf(code: string, from: number, close: string): number {
  let depth = 0;
  for (let i = from; i < code.length; i++) {
    const c = code[i];
    if (c === "/" && code[i + 1] === "/") {
      const line = code.indexOf("\n", i);
      if (line < 0) break;
      i = line;
    } else if (c === close && depth === 0) return i;
    else if (c === "[" || c === "(" || c === "{") depth++;
    else if (c === "]" || c === ")" || c === "}") depth--;
  }
  throw new DeviceError(`no "${close}" after: ${code.slice(from, from + 60)}`);
}

function rewrite(code: string, half: ReadonlyMap<string, Kind>): string {
  // A comment, an indexed binding that is not a member of a struct, or a pointer to one.
  const names = [...half.keys()].join("|");
  const found = new RegExp(`//[^\\n]*|(?<![\\w.])(${names})\\s*\\[|[(,=]\\s*&\\s*(${names})\\b`, "g");
  let out = "";
  let at = 0;
  for (let m = found.exec(code); m; m = found.exec(code)) {
    if (m[0].startsWith("//")) continue;
    if (m[2]) throw new DeviceError(`a pointer to ${m[2]} cannot be rewritten`);
    const name = m[1];
    const kind = half.get(name) as Kind;
    const open = m.index + m[0].length;
    const close = endOf(code, open, "]");
    const place = `${name}[${rewrite(code.slice(open, close), half)}]`;
    out += code.slice(at, m.index);
    at = close + 1;
    const store = /^\s*([-+*/]?)=(?!=)/.exec(code.slice(at, at + 40));
    if (store) {
      const from = at + store[0].length;
      const end = endOf(code, from, ";");
      out += `${place} = ${stored(code.slice(from, end), store[1], place, kind, half)}`;
      at = end;
    } else if (/^\s*\.\w+\s*[-+*/]?=(?!=)/.test(code.slice(at, at + 40)))
      throw new DeviceError(`a store to a part of ${name}[] cannot be rewritten`);
    else out += kind.read(place);
    found.lastIndex = at;
  }
  return out + code.slice(at);
}

/** The right side of a store; the reads of a copy stay as they are. */
function stored(value: string, operator: string, place: string, kind: Kind, half: ReadonlyMap<string, Kind>): string {
  const own = rewrite(value, half);
  if (operator) return kind.store(`${kind.read(place)} ${operator} (${own.trim()})`);
  const source = /^\s*(\w+)\s*\[/.exec(value);
  const from = source && half.get(source[1]);
  if (from === kind && endOf(value, source![0].length, "]") === value.trimEnd().length - 1) {
    const index = value.slice(source![0].length, value.trimEnd().length - 1);
    return `${source![1]}[${rewrite(index, half)}]`;
  }
  return kind.store(own.trim());
}

/**
 * The text of a shader whose bindings in `mask` are half precision, line by line where it was. Throws Error for what cannot
 * be half: a fault of the op that bound it.
 */
export function withHalves(code: string, shader: Shader, mask: number): string {
  const half = new Map<string, Kind>();
  let text = code;
  for (const name of halfNames(shader, mask)) {
    text = text.replace(
      new RegExp(`(var<storage, read(?:_write)?> ${name}: array<)(\\w+(?:<\\w+>)?)>`),
      (_, front: string, named: string) => {
        const type = new RegExp(`alias ${named} = (\\w+);`).exec(code)?.[1] ?? named;
        const kind = kinds[type];
        if (!kind) throw new DeviceError(`${shader.file}: ${name} is array<${type}>, which has no half form`);
        half.set(name, kind);
        return `${front}${kind.element}>`;
      },
    );
    if (!half.has(name)) throw new DeviceError(`${shader.file}: no declaration of ${name} was found`);
  }
  return rewrite(text, half);
}
