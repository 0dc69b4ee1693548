/**
 * Every error that leaves a public call, one class for each kind of mistake. A message names the thing, the value it
 * had, and what to write instead. This file imports nothing, so every floor and tower may use it.
 */

/** Base of all errors thrown by this package. `code` is stable and fit for scripts, and so is `name`. */
export class FiducialError extends Error {
  // Written out in each class: a bundler's short name for a class is not what a user looks for.
  override readonly name: string = "FiducialError";
  readonly code: string;
  #module: string | undefined;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** The module in whose forward it was thrown, by the fields that lead there: "UNet.decoder.0.3". Heads the message. */
  get module(): string | undefined {
    return this.#module || undefined;
  }

  /** @internal Names the module; the first to name one, the innermost, is believed. "": no module is to blame. */
  blame(module: string): this {
    if (this.#module !== undefined) return this;
    this.#module = module;
    if (module === "" || this.message.startsWith(`${module}.`)) return this;
    const { message, stack } = this;
    const own = `${module.match(/[^. ]+$/)?.[0]}: `; // a layer's own errors start with its class, which may end the path
    this.message = `${module}: ${message.startsWith(own) ? message.slice(own.length) : message}`;
    this.stack = stack?.replace(message, () => this.message);
    return this;
  }
}

/** Tensor shapes do not fit an operation or each other. */
export class ShapeError extends FiducialError {
  override readonly name = "ShapeError";
  constructor(message: string) {
    super("shape", message);
  }
}

/** A tensor has another dtype than the operation takes. */
export class DTypeError extends FiducialError {
  override readonly name = "DTypeError";
  constructor(message: string) {
    super("dtype", message);
  }
}

/** A name of another library, for what has another name here. */
export class NameError extends FiducialError {
  override readonly name = "NameError";
  constructor(message: string) {
    super("name", message);
  }
}

/** A gradient was asked for where none can be had: no tape, overwritten inputs, a second backward. */
export class GradError extends FiducialError {
  override readonly name = "GradError";
  constructor(message: string) {
    super("grad", message);
  }
}

/** Something is larger than the adapter, or a cap the caller set, allows. */
export class LimitError extends FiducialError {
  override readonly name = "LimitError";
  constructor(message: string) {
    super("limit", message);
  }
}

/** No adapter that can be used; `fixes` are commands that mend it. */
export class NoAdapterError extends FiducialError {
  override readonly name = "NoAdapterError";
  readonly fixes: readonly string[];
  constructor(message: string, fixes: readonly string[]) {
    super("no-adapter", message);
    this.fixes = fixes;
  }
}

/** The device refused a call: a shader that does not compile, a validation error, a disposed handle. */
export class DeviceError extends FiducialError {
  override readonly name = "DeviceError";
  constructor(message: string, options?: ErrorOptions) {
    super("device", message, options);
  }
}

/** The device is gone; every tensor on it with it. Open a new one and go on from a checkpoint. */
export class DeviceLostError extends FiducialError {
  override readonly name = "DeviceLostError";
  readonly reason: string;
  constructor(reason: string, message: string) {
    super("device-lost", message);
    this.reason = reason;
  }
}

/** Tensors that nobody disposed of: how many, and of which shape those are that hold the most memory together. */
export interface Undisposed {
  readonly count: number;
  readonly shape: string;
  readonly ofShape: number;
}

/** The byte budget or the adapter's memory is used up. */
export class OutOfMemoryError extends FiducialError {
  override readonly name = "OutOfMemoryError";
  readonly wanted: number;
  readonly used: number;
  readonly limit: number;
  /** Tensors, weights among them, that were not disposed of. */
  readonly undisposed: number;
  constructor(wanted: number, used: number, limit: number, what: string, held?: Undisposed) {
    const tensors = held
      ? `; ${held.count} tensors are not disposed of, ${held.ofShape} of them ${held.shape}. Where that is more than the work needs, run each step's ops in tidy(() => ...), or dispose() results; else`
      : ";";
    super(
      "out-of-memory",
      `${what}: ${wanted} bytes wanted, ${used} in use, limit ${limit}${tensors} use a smaller batch, or raise maxBytes in openDevice()`,
    );
    this.wanted = wanted;
    this.used = used;
    this.limit = limit;
    this.undisposed = held?.count ?? 0;
  }
}

/** NaN or infinity where a number was due. */
export class NumericError extends FiducialError {
  override readonly name = "NumericError";
  constructor(message: string) {
    super("numeric", message);
  }
}

/** A file or a byte stream that is not what it claims to be. `file` is set where the name is known. */
export class ParseError extends FiducialError {
  override readonly name = "ParseError";
  readonly format: string;
  readonly offset: number | undefined;
  readonly field: string | undefined;
  file: string | undefined;
  constructor(format: string, message: string, at: { offset?: number; field?: string; file?: string } = {}) {
    super("parse", message);
    this.format = format;
    this.offset = at.offset;
    this.field = at.field;
    this.file = at.file;
  }
}

/** Weights that do not fit a model, or a checkpoint that cannot be trusted. */
export class CheckpointError extends FiducialError {
  override readonly name = "CheckpointError";
  constructor(message: string, options?: ErrorOptions) {
    super("checkpoint", message, options);
  }
}

/** A configuration value out of its range; `path` says where it stands. */
export class ConfigError extends FiducialError {
  override readonly name = "ConfigError";
  readonly path: string;
  constructor(path: string, message: string) {
    super("config", message);
    this.path = path;
  }
}

/** Data that cannot be used: missing files, splits that overlap, landmarks outside images. */
export class DataError extends FiducialError {
  override readonly name = "DataError";
  constructor(message: string, options?: ErrorOptions) {
    super("data", message, options);
  }
}

/** Planes, affines or points that do not make a valid geometry. */
export class GeometryError extends FiducialError {
  override readonly name = "GeometryError";
  constructor(message: string) {
    super("geometry", message);
  }
}
