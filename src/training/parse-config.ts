import type { z } from "zod";
import { ConfigError } from "../errors.ts";

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((v, key) => (typeof v === "object" && v !== null ? Reflect.get(v, key) : undefined), value);

const shown = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value).slice(0, 60) : `${value}`;

/**
 * A configuration checked against its schema, with the defaults filled in. `name` says whose it is. Throws ConfigError naming the
 * first field that is wrong, its value, and what is due there.
 */
export function parseConfig<S extends z.ZodType>(name: string, schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  // An entry of a list is told by the list's name.
  const field = path.slice(0, path.findLastIndex((key) => typeof key === "string") + 1).join(".");
  if (field === "") throw new ConfigError(name, `${name}: ${message}`);
  throw new ConfigError(`${name}.${field}`, `${name}: ${field} is ${shown(at(value, path))}; ${message}`);
}
