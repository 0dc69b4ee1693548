/** Which parameters: a name's beginning ("encoder" means encoder.*), a pattern, or a test. */
export type Select = string | readonly string[] | RegExp | ((name: string) => boolean);

/** Whether a name is selected; all are where nothing is said. */
export const selects = (select: Select | undefined, name: string): boolean => {
  if (select === undefined) return true;
  if (typeof select === "function") return select(name);
  if (select instanceof RegExp) return name.search(select) >= 0; // unlike test(), it has no memory where the pattern is global
  return (typeof select === "string" ? [select] : select).some((s) => name === s || name.startsWith(`${s}.`));
};
