export { type Call, type CallObserver, observeCalls } from "./call.ts";
export { freeze, unfreeze } from "./freeze.ts";
export {
  biasFor,
  constant,
  fans,
  gain,
  type Initializer,
  type KaimingOptions,
  kaimingNormal,
  kaimingUniform,
  type Nonlinearity,
  normal,
  uniform,
  xavierUniform,
} from "./init.ts";
export * from "./layers/index.ts";
export * from "./losses.ts";
export { Layer, Module, readTensors } from "./module.ts";
export { type Select, selects } from "./select.ts";
export { Counter, Parameter, Slot, StateBuffer } from "./slots.ts";
export type { HostTensor, LoadOptions, Rename, StateDict, StateEntry, StateSource } from "./state.ts";
export { type Summary, type SummaryRow, summary } from "./summary.ts";
