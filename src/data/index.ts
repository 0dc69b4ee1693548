/** Data on the host: heads and their scouts. */
export { exampleHeads, type HeadOptions, type MadeHead, makeHead } from "./heads/index.ts";
export * from "./mri/index.ts";
