/** Ends the process with code 2 and the usage, for an option that cannot be. */
export const refuse = (message: string, usage: string): never => {
  console.error(`${message}\n${usage}`);
  process.exit(2);
};

/** A whole number above 0. */
export function count(name: string, value: string, usage: string): number {
  const n = Number(value);
  return Number.isInteger(n) && n > 0 ? n : refuse(`--${name} is ${value}; give a whole number above 0`, usage);
}

/** Undefined: the adapter that is found first. */
export function adapterOf(value: string | undefined, usage: string): "system" | "embedded" | undefined {
  if (value === undefined || value === "system" || value === "embedded") return value;
  return refuse(`--adapter is ${value}; give system or embedded`, usage);
}
