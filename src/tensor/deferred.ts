import { type Constants, mapOne, mapTwo } from "../kernels/elementwise/map.ts";
import { mapChainOf, mostInputs, mostNumbers, numberName } from "../kernels/elementwise/map-chain.ts";
import { type Shape, sizeOf } from "./shape.ts";
import { bytesOf, type DType, type Pending, Storage } from "./storage.ts";
import { Tensor } from "./tensor.ts";

/**
 * Elementwise ops that wait: their WGSL expressions compose, and one kernel runs when an op or a read needs the numbers. What a
 * chain reads does not change meanwhile: `Storage.bindingForWrite()` runs the chain first. A chain of float16 tensors is float32 inside:
 * its result alone is rounded.
 */

/** Memory that a chain reads. */
interface Leaf {
  readonly storage: Storage;
  readonly single: boolean;
}

/** An expression over a, b, c, p0 and p1, cut at these: text, variable, text, ... */
interface Expression {
  readonly text: string;
  readonly parts: readonly string[];
  readonly usesNumbers: boolean;
}

/** One elementwise op: an expression, its operands a, b and c, and the numbers p0 and p1. */
interface Step {
  readonly expression: Expression;
  readonly operands: readonly (Step | Leaf)[];
  readonly constants: Constants;
}

const isLeaf = (o: Step | Leaf): o is Leaf => "storage" in o;

/** Steps of one kernel: bounds its text, which is compiled once for each chain of its kind. */
const mostSteps = 24;

const names = ["a", "b", "c"];
const expressions = new Map<string, Expression>();
const expressionOf = (text: string): Expression => {
  let e = expressions.get(text);
  if (!e) {
    const parts = text.split(/\b(a|b|c|p0|p1)\b/);
    e = { text, parts, usesNumbers: parts.some((w, i) => i % 2 === 1 && w[0] === "p") };
    expressions.set(text, e);
  }
  return e;
};

/** A chain's steps in the order they run, what it reads, and how many numbers it takes. */
interface Plan {
  readonly steps: readonly Step[];
  readonly leaves: readonly Leaf[];
  readonly numbers: number;
}

/** The plan of a step behind the chains it takes in; undefined where that is more than one kernel takes. */
function planOf(last: Step, chains: readonly Chain[]): Plan | undefined {
  const steps = chains.length === 0 ? [] : [...chains[0].plan.steps];
  const leaves = chains.length === 0 ? [] : [...chains[0].plan.leaves];
  let numbers = (chains[0]?.plan.numbers ?? 0) + (last.expression.usesNumbers ? 2 : 0);
  const read = (l: Leaf): void => {
    for (const known of leaves) if (known.storage === l.storage) return;
    leaves.push(l);
  };
  for (let i = 1; i < chains.length; i++) {
    for (const s of chains[i].plan.steps) {
      if (steps.includes(s)) continue;
      steps.push(s);
      if (s.expression.usesNumbers) numbers += 2;
    }
    for (const l of chains[i].plan.leaves) read(l);
  }
  for (const o of last.operands) if (isLeaf(o)) read(o);
  steps.push(last);
  return steps.length <= mostSteps && leaves.length <= mostInputs && numbers <= mostNumbers
    ? { steps, leaves, numbers }
    : undefined;
}

const placeOf = (leaves: readonly Leaf[], o: Leaf): number => leaves.findIndex((l) => l.storage === o.storage);

/** The chain as WGSL, and its numbers. */
function textOf({ steps, leaves }: Plan): { body: string; numbers: number[] } {
  const name = new Map<Step, string>();
  const numbers: number[] = [];
  let body = "";
  steps.forEach((step, k) => {
    const { parts, usesNumbers } = step.expression;
    let text = parts[0];
    for (let i = 1; i < parts.length; i += 2) {
      const w = parts[i];
      if (w[0] === "p") text += numberName(numbers.length + Number(w[1]));
      else {
        const o = step.operands[names.indexOf(w)];
        text += isLeaf(o) ? `x${placeOf(leaves, o)}` : name.get(o);
      }
      text += parts[i + 1];
    }
    if (usesNumbers) numbers.push(...step.constants);
    name.set(step, `t${k}`);
    body += `let t${k} = ${text}; `;
  });
  return { body: `${body}return t${steps.length - 1};`, numbers };
}

/** A chain that has not run yet; it holds the storages that it reads. */
class Chain implements Pending {
  readonly last: Step;
  readonly plan: Plan;
  readonly size: number;
  /** Whether another chain has it as a part: asked for once more, it is worked out rather than repeated. */
  taken = false;

  constructor(last: Step, plan: Plan, size: number) {
    this.last = last;
    this.plan = plan;
    this.size = size;
  }

  run(y: Storage): void {
    const { steps, leaves } = this.plan;
    const { device } = y;
    const [{ expression, operands, constants }] = steps;
    const at = (o: Step | Leaf) => (o as Leaf).storage.binding();
    // One op over whole tensors has kernels of its own, with less to load.
    if (steps.length > 1 || operands.length > 2 || leaves.some((l) => l.single)) {
      const { body, numbers } = textOf(this.plan);
      const inputs = leaves.map((l) => ({ binding: l.storage.binding(), single: l.single }));
      mapChainOf(device, body, inputs, numbers, y.binding(), this.size);
    } else if (operands.length === 1)
      mapOne(device, expression.text, { a: at(operands[0]), y: y.binding() }, this.size, constants);
    else
      mapTwo(device, expression.text, { a: at(operands[0]), b: at(operands[1]), y: y.binding() }, this.size, constants);
  }

  drop(of: Storage): void {
    for (const l of this.plan.leaves) l.storage.noLongerReadBy(of);
  }
}

/**
 * expression(a, b, c) as a tensor that waits. Operands have the size of `shape`, laid out alike, or one element.
 * @internal
 */
export function deferred(
  expression: string,
  operands: readonly Tensor[],
  shape: Shape,
  constants: Constants,
  dtype: DType,
): Tensor {
  const [{ device }] = operands;
  device.check();
  const size = sizeOf(shape);
  const chains: Chain[] = [];
  const partOf = (t: Tensor, join: boolean): Step | Leaf => {
    const { storage } = t;
    const { pending } = storage;
    if (join && pending instanceof Chain && pending.size === size && !pending.taken) {
      if (!chains.includes(pending)) chains.push(pending);
      return pending.last;
    }
    return { storage: storage.settle(), single: t.size !== size };
  };
  const stepOf = (join: boolean): Step => ({
    expression: expressionOf(expression),
    constants,
    operands: operands.map((t) => partOf(t, join)),
  });
  let step = stepOf(true);
  let plan = planOf(step, chains);
  if (plan) for (const c of chains) c.taken = true;
  else {
    step = stepOf(false);
    plan = planOf(step, []) as Plan; // an op alone has three operands at most
  }
  const storage = new Storage(device, size * bytesOf(dtype), dtype, "elementwise result", new Chain(step, plan, size));
  for (const l of plan.leaves) l.storage.readBy(storage);
  return new Tensor(shape, dtype, storage);
}
