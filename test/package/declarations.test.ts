import { expect, test } from "vitest";
import { mended } from "../../scripts/declarations.ts";

test("optional properties take undefined, functions in parentheses, once", () => {
  const text = `export interface A {
    a?: number;
    readonly b?: () => void;
    c?: string | undefined;
    d?: { e?: number };
    f: number;
}
export type B = { readonly [K in "x"]?: number };
export declare class C { g?: number; h(i?: number): void; }
`;
  const better = `export interface A {
    a?: number | undefined;
    readonly b?: (() => void) | undefined;
    c?: string | undefined;
    d?: { e?: number | undefined } | undefined;
    f: number;
}
export type B = { readonly [K in "x"]?: number | undefined };
export declare class C { g?: number; h(i?: number): void; }
`;
  expect(mended(text)).toBe(better);
  expect(mended(better)).toBe(better);
});

test("types that a user's compiler may not know are looked for, once", () => {
  const better = mended("export declare function open(device: GPUDevice, signal: AbortSignal): GPUDevice;\n");
  expect(better.match(/^type \w+ = typeof globalThis/gm)).toHaveLength(2);
  expect(mended(better)).toBe(better);
});
