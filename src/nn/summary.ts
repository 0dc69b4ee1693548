import { checkOptions, type KeysOf } from "../options.ts";
import { type DType, noGrad, type Shape, show, Tensor, tidy } from "../tensor/index.ts";
import { type Call, observeCalls } from "./call.ts";
import type { Module } from "./module.ts";
import { multiplyAddsOf } from "./multiply-adds.ts";
import type { Parameter } from "./slots.ts";

/** One call of a module; those made in it follow. */
export interface SummaryRow {
  /** The fields that lead to the module: "layer1.0.conv1". The model's own row has its class. */
  readonly name: string;
  /** Its class. */
  readonly kind: string;
  /** 0 for the model, 1 for what it calls, and so on. */
  readonly depth: number;
  /** Shapes of what it gives. */
  readonly outputs: readonly Shape[];
  /** Numbers that training changes, without those of modules below; where a module is called again, 0. */
  readonly parameters: number;
  /** Multiplications with their additions in convolutions and products of matrices, without those of modules below. */
  readonly multiplyAdds: number;
}

export interface Summary {
  readonly rows: readonly SummaryRow[];
  /** Of the whole model, also of modules that were not called. */
  readonly parameters: number;
  readonly multiplyAdds: number;
  /**
   * Modules that ran, and tensors marked by `requireGrad()` that were read, without being state of the model: in private `#` fields,
   * Sets, other objects or closures. They are neither trained nor saved.
   */
  readonly unseen: readonly string[];
  /** A table for people. */
  toString(): string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The module's own parameters that no row has told of yet. */
function ownParameters(module: Module, told: Set<Parameter>): number {
  const below = new Set<Parameter>();
  for (const [, m] of module.namedModules()) if (m !== module) for (const p of m.parameters()) below.add(p);
  let count = 0;
  for (const p of module.parameters()) {
    if (below.has(p) || told.has(p)) continue;
    told.add(p);
    count += p.value.size;
  }
  return count;
}

const grouped = (n: number): string => `${n}`.replace(/\B(?=(\d{3})+$)/g, ",");

function tableOf({ rows, parameters, multiplyAdds, unseen }: Omit<Summary, "toString">): string {
  const number = (n: number): string => (n === 0 ? "" : grouped(n));
  const cells = [
    ["name", "layer", "output", "parameters", "multiply-adds"],
    ...rows.map((r) => [
      r.name,
      r.kind,
      r.outputs.map((s) => show(s)).join(" "),
      number(r.parameters),
      number(r.multiplyAdds),
    ]),
    ["total", "", "", grouped(parameters), grouped(multiplyAdds)],
  ];
  const widths = cells[0].map((_, c) => Math.max(...cells.map((row) => row[c].length)));
  const line = (row: readonly string[]): string =>
    row
      .map((text, c) => (c < 3 ? text.padEnd(widths[c]) : text.padStart(widths[c])))
      .join("  ")
      .trimEnd();
  const rule = "-".repeat(widths.reduce((a, b) => a + b + 2, -2));
  const warnings = unseen.map((what) => `not seen, so neither trained nor saved: ${what}`);
  return [line(cells[0]), rule, ...cells.slice(1, -1).map(line), rule, line(cells[cells.length - 1]), ...warnings].join(
    "\n",
  );
}

const summaryKeys: KeysOf<{ readonly dtype?: DType }> = { dtype: 1 };

/**
 * What a model consists of, layer by layer, for an input of this shape: output shapes, parameters and multiply-adds, with
 * `toString()` a table for people. Runs `model.call` on shape-only tensors, so it needs neither a GPU nor weights.
 *
 * @param inputShape a shape, or a list of shapes for a model of several inputs: one for each of forward's arguments, or
 * all as one array where forward has a single parameter.
 * @param options.dtype of the inputs; default "f32".
 */
export function summary(
  model: Module & { forward(...inputs: never[]): unknown },
  inputShape: Shape | readonly Shape[],
  options: { readonly dtype?: DType } = {},
): Summary {
  const { dtype = "f32" } = checkOptions("summary", options, summaryKeys);
  const rows: Mutable<SummaryRow>[] = [];
  const rowOf = new Map<Call, Mutable<SummaryRow>>();
  const told = new Set<Parameter>();
  const state = new Set<unknown>([...model.state().values(), ...[...model.namedModules()].map(([, m]) => m)]);
  const unseen = new Set<string>();
  let multiplyAdds = 0;
  const stop = observeCalls({
    enter(call) {
      const parent = call.parent && rowOf.get(call.parent);
      const { module } = call;
      const row = {
        name: parent ? call.path.slice(rows[0].name.length + 1) : call.path,
        kind: module.constructor.name,
        depth: parent ? parent.depth + 1 : 0,
        outputs: [],
        parameters: ownParameters(module, told),
        multiplyAdds: 0,
      };
      rows.push(row);
      if (!state.has(module) && (!call.parent || state.has(call.parent.module))) unseen.add(call.path);
      rowOf.set(call, row);
    },
    op(record, call) {
      for (const t of record.tensors.inputs)
        if (t.requiresGrad && !t.node && !state.has(t) && state.has(call?.module))
          unseen.add(`a tensor ${show(t.shape)} that ${call!.path} reads`);
      const count = multiplyAddsOf(record);
      multiplyAdds += count;
      const row = call && rowOf.get(call);
      if (row) row.multiplyAdds += count;
    },
    leave(call, outputs) {
      rowOf.get(call)!.outputs = outputs.map((t) => t.shape);
    },
  });
  try {
    tidy(() => {
      const several = Array.isArray(inputShape[0]);
      const shapes = (several ? inputShape : [inputShape]) as readonly Shape[];
      const inputs = shapes.map((shape) => Tensor.meta(shape, dtype));
      const forward = model as unknown as Module & { forward(...inputs: unknown[]): unknown };
      noGrad(() => (several && model.forward.length === 1 ? forward.call(inputs) : forward.call(...inputs)));
    });
  } finally {
    stop();
  }
  const whole = { rows, parameters: model.parameterCount(), multiplyAdds, unseen: [...unseen] };
  return { ...whole, toString: () => tableOf(whole) };
}
