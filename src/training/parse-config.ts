import { z } from "zod";
import { ConfigError } from "../errors.ts";
import { nearest } from "../nearest.ts";

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((v, key) => (typeof v === "object" && v !== null ? Reflect.get(v, key) : undefined), value);

const shown = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value).slice(0, 60) : `${value}`;

/** The names of fields that a schema has at a place of `value`; of a union of kinds those of the kind that the value names. */
function fieldsAt(schema: unknown, path: readonly PropertyKey[], value: unknown): string[] {
  const inside = at(value, path.slice(0, 1));
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Record<string, unknown>;
    if (path.length === 0) return Object.keys(shape);
    return fieldsAt(shape[path[0] as string], path.slice(1), inside);
  }
  if (schema instanceof z.ZodArray) return fieldsAt(schema.element, path.slice(1), inside);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const by = schema.def.discriminator;
    const meant = schema.options.filter(
      (o) => o instanceof z.ZodObject && (o.shape[by] as z.ZodType).safeParse(at(value, [by])).success,
    );
    return meant.flatMap((o) => fieldsAt(o, path, value));
  }
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((o) => fieldsAt(o, path, value));
  if (schema instanceof z.ZodPipe) return fieldsAt(schema.in, path, value);
  const inner = (schema as { def?: { innerType?: unknown } } | undefined)?.def?.innerType;
  return inner === undefined ? [] : fieldsAt(inner, path, value);
}

/**
 * A configuration checked against its schema, with the defaults filled in. `name` says whose it is. Throws ConfigError naming the
 * first field that is wrong, its value, and what is due there; unknown fields first, with the nearest that there are.
 */
export function parseConfig<S extends z.ZodType>(name: string, schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const unknown = issues.find((i) => i.code === "unrecognized_keys");
  if (unknown) {
    const places = unknown.path.filter((key) => typeof key === "string");
    const [key] = unknown.keys;
    const field = [...places, key].join(".");
    const fields = [...new Set(fieldsAt(schema, unknown.path, value))];
    const near = nearest(key, fields);
    const meant = near.length > 0 ? `did you mean ${near.join(" or ")}? There are` : "there are";
    throw new ConfigError(
      `${name}.${field}`,
      `${name}: it has no field ${JSON.stringify(field)}; ${meant} ${fields.join(", ")}`,
    );
  }
  const [{ path, message }] = issues;
  // An entry of a list is told by the list's name.
  const field = path.slice(0, path.findLastIndex((key) => typeof key === "string") + 1).join(".");
  if (field === "") throw new ConfigError(name, `${name}: ${message}`);
  throw new ConfigError(`${name}.${field}`, `${name}: ${field} is ${shown(at(value, path))}; ${message}`);
}
