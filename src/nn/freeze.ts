import { ConfigError } from "../errors.ts";
import type { Module } from "./module.ts";
import { type Select, selects } from "./select.ts";

/**
 * Takes the gradient from the selected parameters (all, where nothing is selected): no gradient is worked out for them, and
 * optimizers pass them over. Running statistics of batch norm move by `train()` and `eval()` as before. Gives the names.
 * Throws ConfigError where nothing is selected.
 */
export const freeze = (model: Module, select?: Select): string[] => setFrozen("freeze", model, select, true);

/** Gives the selected parameters their gradient again. See `freeze`. */
export const unfreeze = (model: Module, select?: Select): string[] => setFrozen("unfreeze", model, select, false);

function setFrozen(who: string, model: Module, select: Select | undefined, on: boolean): string[] {
  const all = model.namedParameters();
  const names = [...all.keys()].filter((name) => selects(select, name));
  if (names.length === 0)
    throw new ConfigError(
      "select",
      `${who}: ${select} selects no parameter of ${model.constructor.name}; it has ${[...all.keys()].slice(0, 8).join(", ") || "none"}`,
    );
  for (const name of names) all.get(name)!.freeze(on);
  return names;
}
