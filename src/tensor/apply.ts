import type { Device } from "../device/index.ts";
import { DeviceError, DTypeError, GradError } from "../errors.ts";
import { isGradEnabled, isOwned, noGrad, tidy } from "./scope.ts";
import { type Shape, show } from "./shape.ts";
import type { DType } from "./storage.ts";
import { Node, type Saved } from "./tape.ts";
import { empty, Tensor } from "./tensor.ts";

/** What an op's forward may use besides its inputs. */
export interface ForwardContext {
  readonly device: Device;
  /** The shape that the shape rule gave. */
  readonly shape: Shape;
  /** Whether a backward may follow: only then is anything worth saving. */
  readonly recording: boolean;
  /** Which inputs want a gradient. */
  readonly needs: readonly boolean[];
  /** A tensor with undefined content; by default of the output's shape and dtype. Scratch memory is best "f32". */
  empty(shape?: Shape, dtype?: DType): Tensor;
  /** Keeps tensors (inputs, the output, or others) for backward, in this order. */
  save(...tensors: Tensor[]): void;
}

/** What an op's backward may use. */
export interface BackwardContext {
  readonly device: Device;
  /** What forward saved, in its order. */
  readonly saved: readonly Tensor[];
  readonly inputShapes: readonly Shape[];
  /** Which inputs want a gradient; others may be given null. */
  readonly needs: readonly boolean[];
}

/**
 * An op: shape rule, forward and gradient in one file. The shape rule is pure and runs on shape-only tensors; forward
 * and backward run without recording, and may use other ops; temporaries are disposed for them.
 */
export interface Op<A> {
  readonly name: string;
  shape(inputs: readonly Shape[], attrs: A): Shape;
  /** Of the result; by default that of the inputs where they are floats or `takes: "any"`, else f32. */
  dtype?: DType;
  /** What the inputs may hold. By default floats, all f32 or all f16; "any": any one dtype, for ops that move numbers; "own": it checks for itself. */
  takes?: "any" | "own";
  forward(ctx: ForwardContext, inputs: readonly Tensor[], attrs: A): Tensor;
  /** Gradients of the inputs from that of the output; null where none flows. Left out: the op has no gradient. */
  backward?(ctx: BackwardContext, grad: Tensor, attrs: A): readonly (Tensor | null)[];
}

export interface OpRecord {
  readonly op: string;
  readonly attrs: unknown;
  readonly inputs: readonly Shape[];
  readonly output: Shape;
  /** The handles themselves, from which an observer draws the graph of ops; it disposes none. */
  readonly tensors: { readonly inputs: readonly Tensor[]; readonly output: Tensor };
  /** It ran inside the forward of another op, which is told after it. */
  readonly nested: boolean;
}

/** How many ops are running, one inside the other. */
let depth = 0;
const observers = new Set<(record: OpRecord) => void>();

/** Tells `observer` of every op until the returned function is called: inspection, export, profiling. */
export const observeOps = (observer: (record: OpRecord) => void): (() => void) => {
  observers.add(observer);
  return () => observers.delete(observer);
};

function checkDTypes(op: Op<never>, inputs: readonly Tensor[]): void {
  const wanted = op.takes === "any" || inputs[0].dtype === "f16" ? inputs[0].dtype : "f32";
  inputs.forEach((t, i) => {
    if (t.dtype !== wanted && [t.dtype, wanted].every((d) => d === "f16" || d === "f32"))
      throw new DTypeError(
        `${op.name}: input 0 ${show(inputs[0].shape)} holds ${wanted} and input ${i} ${show(t.shape)} ${t.dtype}; make them one with cast(x, "${t.dtype}") or cast(x, "${wanted}")`,
      );
    if (t.dtype !== wanted)
      throw new DTypeError(
        `${op.name}: input ${i} ${show(t.shape)} holds ${t.dtype}, and ${wanted} is wanted: use cast(x, "${wanted}")`,
      );
  });
}

/**
 * A result without numbers. What comes of empty parameters alone is as empty as they are; with a shape-only tensor among the
 * inputs only shapes are asked for. Throws DeviceError, naming the parameter, where numbers meet an empty one.
 */
function shapeOnly(inputs: readonly Tensor[], shape: Shape, dtype: DType): Tensor {
  const result = new Tensor(shape, dtype, undefined);
  const empty = inputs.find((t) => t.lack !== undefined);
  if (!empty || inputs.some((t) => t.isMeta && t.lack === undefined)) return result;
  if (inputs.some((t) => !t.isMeta)) throw new DeviceError(empty.lack!());
  result.lack = empty.lack;
  return result;
}

/** Throws DTypeError for what is no tensor: plain JavaScript passes lists and options in a tensor's place. */
function checkTensors(op: string, inputs: readonly unknown[]): void {
  inputs.forEach((t, i) => {
    if (t instanceof Tensor) return;
    const what =
      Array.isArray(t) || ArrayBuffer.isView(t) ? "a list of numbers" : t === null ? "null" : `of type ${typeof t}`;
    throw new DTypeError(`${op}: input ${i} is ${what}, not a tensor; make one with tensor(device, data, shape)`);
  });
}

/** The one way every op runs: shape rule, forward, recording for the tape, observers. */
export function apply<A>(op: Op<A>, inputs: readonly Tensor[], attrs: A): Tensor {
  if (!inputs.every((t) => t instanceof Tensor)) checkTensors(op.name, inputs);
  const shapes = inputs.map((t) => t.shape);
  const shape = op.shape(shapes, attrs);
  if (op.takes !== "own") checkDTypes(op as Op<never>, inputs);
  const dtype = op.dtype ?? (op.takes === "any" || inputs[0].dtype === "f16" ? inputs[0].dtype : "f32");
  const told = (result: Tensor): Tensor => {
    for (const o of observers)
      o({
        op: op.name,
        attrs,
        inputs: shapes,
        output: shape,
        tensors: { inputs, output: result },
        nested: depth > 0,
      });
    return result;
  };
  if (inputs.some((t) => t.isMeta)) return told(shapeOnly(inputs, shape, dtype));
  const device = inputs[0].device;
  for (const t of inputs)
    if (t.device !== device)
      throw new DeviceError(
        `${op.name}: its inputs live on different devices; move them to one by data() and tensor()`,
      );
  const needs = inputs.map((t) => t.requiresGrad);
  if (dtype === "f16" && isGradEnabled() && needs.some(Boolean))
    throw new GradError(
      `${op.name}: float16 is for inference and a gradient is asked for: cast to f32 to train, or run it in noGrad()`,
    );
  const recording = isGradEnabled() && op.backward !== undefined && needs.some(Boolean);
  let node: Node | undefined;
  const out = tidy(() => {
    const saved: Saved[] = [];
    const ctx: ForwardContext = {
      device,
      shape,
      recording,
      needs,
      empty: (s = shape, of = dtype) => {
        // What the inputs wait for goes first: it would be held together with the output else.
        for (const t of inputs) t.storage.settle();
        return empty(device, s, of, op.name);
      },
      save: (...tensors) => {
        if (recording)
          for (const t of tensors) saved.push({ storage: t.storage, version: t.storage.version, shape: t.shape });
      },
    };
    depth++;
    let result: Tensor;
    try {
      result = noGrad(() => op.forward(ctx, inputs, attrs));
    } finally {
      depth--;
    }
    if (recording) node = new Node(op as Op<unknown>, attrs, inputs, shape, saved); // retains what was saved before the temporaries go
    return isOwned(result) ? result : result.alias(); // an input, or a tensor from elsewhere, stays its owner's
  });
  if (!node) return told(out);
  const recorded = new Tensor(shape, out.dtype, out.storage.retain(), node);
  out.dispose();
  return told(recorded);
}
