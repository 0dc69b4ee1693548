/**
 * ndarrays in and out. An entry of its own: the package `ndarray` is CommonJS, which plain rollup does not read, and who does
 * not use it need not have its types.
 */
export { fromNdarray, toNdarray } from "./tensor/ndarray.ts";
