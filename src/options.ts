import { ConfigError } from "./errors.ts";
import { nearest } from "./nearest.ts";

/**
 * The names of a type's fields, as an object: a list that lacks one or has another does not compile. It stands next to the type
 * and holds in plain JavaScript, where types do not.
 */
export type KeysOf<T> = { readonly [K in keyof T]-?: 1 };

const said = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return `${value}`;
  if (Array.isArray(value)) return "a list";
  const name: unknown = value.constructor?.name;
  return name === "Object" || typeof name !== "string" ? "an object" : `a ${name}`;
};

/** Why the options are refused; off the path that a call with good ones takes. */
function refuse(op: string, options: unknown, keys: Readonly<Record<string, 1>>): never {
  const names = Object.keys(keys);
  const all = names.length > 12 ? `${names.slice(0, 12).join(", ")}, ...` : names.join(", ");
  const plain =
    typeof options === "object" &&
    options !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(options) as object | null);
  if (!plain) throw new ConfigError(op, `${op}: the options are ${said(options)}; give an object with ${all}`);
  const key = Object.keys(options).find((k) => !Object.hasOwn(keys, k)) ?? "";
  const near = nearest(key, names);
  const meant = near.length > 0 ? `did you mean ${near.join(" or ")}? There are` : "there are";
  throw new ConfigError(`${op}.${key}`, `${op}: it has no option ${JSON.stringify(key)}; ${meant} ${all}`);
}

/**
 * Gives the options back where they are an object with none but these keys. It looks at keys alone, so that it costs next to
 * nothing in an op. Throws ConfigError naming the unknown key, the nearest ones and all there are.
 */
export function checkOptions<T extends object>(op: string, options: T, keys: KeysOf<T>): T {
  if (typeof options !== "object" || options === null) refuse(op, options, keys as Record<string, 1>);
  for (const key in options) if (keys[key] !== 1) refuse(op, options, keys as Record<string, 1>);
  return options;
}
