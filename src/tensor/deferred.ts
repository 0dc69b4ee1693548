import { type Constants, mapOne, mapTwo } from "../kernels/map.ts";
import { mapChainOf, mostInputs, mostNumbers, numberName } from "../kernels/map-chain.ts";
import { type Shape, sizeOf } from "./shape.ts";
import { type Pending, Storage } from "./storage.ts";
import { Tensor } from "./tensor.ts";

/**
 * Elementwise ops that wait: their WGSL expressions compose, and one kernel runs when somebody asks for the numbers. What a
 * chain reads does not change meanwhile, since whatever overwrites memory asks `device.settle()` first.
 */

/** Memory that a chain reads. */
interface Leaf {
  readonly storage: Storage;
  readonly single: boolean;
}

/** One elementwise op: an expression over its operands a, b and c, and the numbers p0 and p1. */
interface Step {
  readonly expression: string;
  readonly operands: readonly (Step | Leaf)[];
  readonly constants: Constants;
}

const isLeaf = (o: Step | Leaf): o is Leaf => "storage" in o;

/** Steps of one kernel: bounds its text, which is compiled once for each chain of its kind. */
const mostSteps = 24;

const names = ["a", "b", "c"];
const words = new Map<string, string[]>();
/** An expression cut at its variables: text, variable, text, ... */
const cut = (expression: string): string[] => {
  let parts = words.get(expression);
  if (!parts) {
    parts = expression.split(/\b(a|b|c|p0|p1)\b/);
    words.set(expression, parts);
  }
  return parts;
};

/** A chain's steps in the order they run, what it reads, and its numbers. */
interface Plan {
  readonly steps: readonly Step[];
  readonly leaves: readonly Leaf[];
  readonly numbers: readonly number[];
}

const usesNumbers = (step: Step): boolean => cut(step.expression).some((w, i) => i % 2 === 1 && w[0] === "p");

function planOf(last: Step): Plan {
  const steps = new Set<Step>();
  const leaves: Leaf[] = [];
  const numbers: number[] = [];
  const visit = (step: Step): void => {
    if (steps.has(step)) return;
    for (const o of step.operands) {
      if (!isLeaf(o)) visit(o);
      else if (!leaves.some((l) => l.storage === o.storage)) leaves.push(o);
    }
    if (usesNumbers(step)) numbers.push(...step.constants);
    steps.add(step);
  };
  visit(last);
  return { steps: [...steps], leaves, numbers };
}

const fits = ({ steps, leaves, numbers }: Plan): boolean =>
  steps.length <= mostSteps && leaves.length <= mostInputs && numbers.length <= mostNumbers;

function bodyOf({ steps, leaves }: Plan): string {
  const name = new Map<Step, string>();
  let numbers = 0;
  const lines = steps.map((step, k) => {
    const first = numbers;
    if (usesNumbers(step)) numbers += 2;
    const text = cut(step.expression).map((w, i) => {
      if (i % 2 === 0) return w;
      if (w[0] === "p") return numberName(first + Number(w[1]));
      const o = step.operands[names.indexOf(w)];
      return isLeaf(o) ? `x${leaves.findIndex((l) => l.storage === o.storage)}` : name.get(o)!;
    });
    name.set(step, `t${k}`);
    return `let t${k} = ${text.join("")};`;
  });
  return `${lines.join(" ")} return t${steps.length - 1};`;
}

/** A chain that nobody has asked for yet; it keeps alive what it reads. */
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
    for (const l of plan.leaves) l.storage.retain();
  }

  run(y: Storage): void {
    const { steps, leaves, numbers } = this.plan;
    const { device } = y;
    const all = leaves.map((l) => l.storage.binding());
    const [step] = steps;
    const whole = steps.length === 1 && leaves.every((l) => !l.single);
    const at = (o: Step | Leaf) => all[leaves.findIndex((l) => l.storage === (o as Leaf).storage)];
    if (whole && step.operands.length === 1)
      mapOne(device, step.expression, { a: all[0], y: y.binding() }, this.size, step.constants);
    else if (whole && step.operands.length === 2) {
      const [a, b] = step.operands.map(at);
      mapTwo(device, step.expression, { a, b, y: y.binding() }, this.size, step.constants);
    } else
      mapChainOf(
        device,
        bodyOf(this.plan),
        leaves.map((l, i) => ({ binding: all[i], single: l.single })),
        numbers,
        y.binding(),
        this.size,
      );
  }

  drop(): void {
    for (const l of this.plan.leaves) l.storage.release();
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
  what: string,
): Tensor {
  const [{ device, dtype }] = operands;
  device.check();
  const size = sizeOf(shape);
  const partOf = (t: Tensor, join: boolean): Step | Leaf => {
    const { pending } = t.storage;
    if (join && pending instanceof Chain && pending.size === size && !pending.taken) return pending.last;
    return { storage: t.storage.settle(), single: t.size !== size };
  };
  const stepOf = (join: boolean): Step => ({ expression, constants, operands: operands.map((t) => partOf(t, join)) });
  let step = stepOf(true);
  let plan = planOf(step);
  if (!fits(plan)) {
    step = stepOf(false);
    plan = planOf(step);
  }
  for (const t of operands) {
    const { pending } = t.storage;
    if (pending instanceof Chain) pending.taken = true;
  }
  const chain = new Chain(step, plan, size);
  return new Tensor(shape, dtype, new Storage(device, size * 4, dtype, what, chain));
}
