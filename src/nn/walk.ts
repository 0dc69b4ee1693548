import { Tensor } from "../tensor/index.ts";
import { Module } from "./module.ts";
import { Counter, fieldParameter, Slot } from "./slots.ts";

/** What a field may hold of a model's state. */
export type Part = Slot | Counter | Module;

/** A field's name in checkpoints. */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

const isPlain = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Where a value stands, so that another may be put in its place. */
interface Place {
  readonly owner: object;
  readonly key: unknown;
  /** Names of an object's keys. */
  readonly naming: (key: string) => string;
}

/** The parts in a field: itself, or in arrays, plain objects and Maps, at any depth. */
export function* walk(
  name: string,
  value: unknown,
  place: Place,
  around: readonly object[] = [],
): Generator<readonly [string, Part]> {
  if (typeof value !== "object" || value === null || around.includes(value)) return;
  if (value instanceof Module || value instanceof Slot || value instanceof Counter) yield [name, value];
  else if (value instanceof Tensor) {
    const parameter = fieldParameter(value);
    const { owner, key } = place;
    const set = (t: Tensor): void => {
      if (owner instanceof Map) owner.set(key, t);
      else if (Object.hasOwn(owner, key as string)) Reflect.set(owner, key as string, t);
    };
    if (parameter) yield [name, parameter.standsIn(owner, key, set)];
  } else {
    const { naming } = place;
    const inside = [...around, value];
    const below = (own: string, key: unknown, v: unknown) =>
      walk(`${name}.${own}`, v, { owner: value, key, naming }, inside);
    if (Array.isArray(value)) for (const [i, v] of value.entries()) yield* below(`${i}`, i, v);
    else if (value instanceof Map) for (const [key, v] of value) yield* below(`${key}`, key, v);
    else if (isPlain(value)) for (const [key, v] of Object.entries(value)) yield* below(naming(key), key, v);
  }
}

/** Parts that lie where `walk` does not go: in a Set, or in the fields of another class's object. */
export function unwalked(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (value instanceof Module || value instanceof Slot || value instanceof Counter || value instanceof Tensor)
    return [];
  if (Array.isArray(value) || value instanceof Map || ArrayBuffer.isView(value) || isPlain(value)) return [];
  const inside = value instanceof Set ? [...value] : Object.values(value);
  return inside.flatMap((v) => {
    if (v instanceof Module || v instanceof Slot || v instanceof Counter) return [v];
    const parameter = v instanceof Tensor ? fieldParameter(v) : undefined;
    return parameter ? [parameter] : [];
  });
}
