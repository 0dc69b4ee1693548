/** What a reader had to assume or to leave out; what it gave may be used all the same. */
export interface ReadWarning {
  /** Stable, fit for scripts: "padding", "bitpix", "skipped". */
  readonly code: string;
  /** What was found and what was made of it; names the file where the reader knows it. */
  readonly text: string;
  /** What ends the warning. */
  readonly cure: string;
}

/** Takes a warning while a file is read; readers put what was taken into `warnings` of their result. */
export type Warn = (warning: ReadWarning) => void;

/** A `Warn`, and what it took: an object with the field `warnings`, or an empty one where there was nothing to say. */
export const warningList = (): { readonly warn: Warn; taken(): { readonly warnings?: readonly ReadWarning[] } } => {
  const warnings: ReadWarning[] = [];
  return { warn: (w) => void warnings.push(w), taken: () => (warnings.length > 0 ? { warnings } : {}) };
};

/** The same warnings with the file's name in front. */
export const inFileWarnings = (path: string, warnings: readonly ReadWarning[] = []): ReadWarning[] =>
  warnings.map((w) => ({ ...w, text: `${path}: ${w.text}` }));
