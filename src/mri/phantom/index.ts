export { exampleHeads, type HeadOptions, type MadeHead, makeHead } from "./head.ts";
