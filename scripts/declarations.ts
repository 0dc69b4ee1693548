/**
 * After the compiler has written `dist`: declarations that compile wherever a user's compiler looks.
 *   Optional properties take `undefined` as a value, under exactOptionalPropertyTypes too: who passes options on writes
 *   `{ padding: options.padding }`. The sources are compiled without that flag, and say `padding?: number`.
 *   Types that only some compilers know (WebGPU's come with the DOM library of TypeScript 6.0; AbortSignal with the DOM or with
 *   Node's types) are looked for in the user's program. The package @webgpu/types is no help: it clashes with the DOM library of
 *   TypeScript 6.0, and does not compile without one.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const dist = fileURLToPath(new URL("../dist", import.meta.url));

/** Types that a user's program may lack, with what stands for them then. */
const fallbacks: Readonly<Record<string, string>> = {
  AbortSignal:
    '{ readonly aborted: boolean; addEventListener(type: "abort", listener: () => void): void; ' +
    'removeEventListener(type: "abort", listener: () => void): void; throwIfAborted(): void }',
};
const isForeign = (name: string): boolean => name in fallbacks || /^GPU([A-Z]\w*)?$/.test(name);

/** A type of the user's program by the global value of its name, which every library of types declares beside it. */
const found = (name: string): string =>
  `type ${name} = typeof globalThis extends { ${name}: { prototype: infer T } } ? T : ${fallbacks[name] ?? "object"};\n`;

/** The text of a declaration file with both mended. A text that was mended comes back as it is. */
export function mended(text: string): string {
  const source = ts.createSourceFile("x.d.ts", text, ts.ScriptTarget.Latest, true);
  const edits: [at: number, insert: string][] = [];
  const takesUndefined = (type: ts.TypeNode): boolean =>
    [ts.SyntaxKind.UndefinedKeyword, ts.SyntaxKind.AnyKeyword, ts.SyntaxKind.UnknownKeyword].includes(type.kind) ||
    (ts.isUnionTypeNode(type) && type.types.some(takesUndefined));
  const binds = (type: ts.TypeNode): boolean =>
    ts.isFunctionTypeNode(type) || ts.isConstructorTypeNode(type) || ts.isConditionalTypeNode(type);
  const foreign = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node) && isForeign(node.typeName.getText())) foreign.add(node.typeName.getText());
    const optional = (ts.isPropertySignature(node) || ts.isMappedTypeNode(node)) && node.questionToken && node.type;
    if (optional && !takesUndefined(optional)) {
      if (binds(optional)) edits.push([optional.getStart(), "("], [optional.getEnd(), ")"]);
      edits.push([optional.getEnd(), " | undefined"]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  let out = text;
  for (const [at, insert] of edits.map((e, i) => [...e, i] as const).sort((a, b) => b[0] - a[0] || b[2] - a[2]))
    out = out.slice(0, at) + insert + out.slice(at);
  for (const statement of source.statements)
    if (ts.isTypeAliasDeclaration(statement)) foreign.delete(statement.name.text);
  return out + [...foreign].map(found).join("");
}

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1])
  for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".d.ts"))) {
    const file = join(dist, name);
    const text = readFileSync(file, "utf8");
    const better = mended(text);
    if (better !== text) writeFileSync(file, better);
  }
