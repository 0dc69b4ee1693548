/**
 * One WGSL file taken apart into its module-scope declarations, line by line, so that assembling can copy whole lines
 * and each keeps its place. It is no WGSL parser: it knows brackets, comments, names and WESL's import statements.
 */

/** What is wrong in a file, and where. */
export class WgslError extends Error {
  override readonly name = "WgslError";
  constructor(file: string, line: number, message: string) {
    super(`${file}:${line}: ${message}`);
  }
}

export interface Declaration {
  readonly name: string;
  /** Lines from 0, with the comment above; `to` is one beyond the last. */
  readonly from: number;
  readonly to: number;
  /** Line of the name itself, from 1. */
  readonly line: number;
  /** Names that it uses and does not declare itself, each with the line (from 1) of its first use. */
  readonly uses: ReadonlyMap<string, number>;
}

export interface Import {
  /** `conv_gather` of `package::lib::conv_gather`. */
  readonly lib: string;
  readonly item: string;
  readonly line: number;
  /** The statement ends with `// @exprs`: text given at run time may call it, so no use in the file is asked for. */
  readonly forExprs: boolean;
}

export interface Source {
  readonly file: string;
  readonly lines: readonly string[];
  readonly imports: readonly Import[];
  readonly declarations: ReadonlyMap<string, Declaration>;
  /** Lines (from 0) of import statements and of `enable` and the like: they move to the front or vanish. */
  readonly importLines: ReadonlySet<number>;
  readonly directiveLines: ReadonlySet<number>;
  /** Names that the importing file must declare: `// @expects params, x`. */
  readonly expects: ReadonlyMap<string, number>;
}

/** The line's code: no comment, but the text that a `// @for` repeats, its `{i}` read as digits. Columns stay. */
const codeOf = (line: string): string => {
  const loop = /^\s*\/\/ @for [^:]*:/.exec(line)?.[0];
  if (loop)
    return " ".repeat(loop.length) + line.slice(loop.length).replace(/\{(\w+)\}/g, (all) => "0".repeat(all.length));
  const comment = line.indexOf("//");
  return comment < 0 ? line : line.slice(0, comment);
};

const isComment = (line: string): boolean => /^\s*\/\//.test(line) && !/^\s*\/\/ @(for|expects) /.test(line);

/** Names that a declaration uses. What a function or struct declares itself, parameters and members too, is left out. */
function usesOf(code: readonly string[], from: number, own: string): Map<string, number> {
  const whole = code.join("\n");
  const local = new Set([own]);
  for (const m of whole.matchAll(/\b(?:let|var|const)\s+(\w+)|\b(\w+)\s*:/g)) local.add(m[1] ?? m[2]);
  const uses = new Map<string, number>();
  code.forEach((text, k) => {
    for (const m of text.matchAll(/(?<![\w.@])[A-Za-z_]\w*/g)) {
      if (!local.has(m[0]) && !uses.has(m[0])) uses.set(m[0], from + k + 1);
    }
  });
  return uses;
}

function importsOf(statement: string, file: string, line: number, forExprs: boolean): Import[] {
  const m = /^import\s+package::lib::(\w+)::(?:(\w+)|\{([^{}]*)\})$/.exec(statement.replace(/\s+/g, " "));
  if (!m) throw new WgslError(file, line, `cannot read "${statement}"; write import package::lib::NAME::{item, item};`);
  const items = m[2] ? [m[2]] : m[3].split(",").map((s) => s.trim());
  return items.filter(Boolean).map((item) => ({ lib: m[1], item, line, forExprs }));
}

const nameOf = (code: string): string | undefined =>
  /(?:^|\s|\))(?:fn|struct|alias|const|override|var(?:<[^>]*>)?)\s+(\w+)/.exec(code)?.[1];

export function readSource(text: string, file: string): Source {
  const lines = text.trimEnd().split("\n");
  const code = lines.map(codeOf);
  const imports: Import[] = [];
  const declarations = new Map<string, Declaration>();
  const importLines = new Set<number>();
  const directiveLines = new Set<number>();
  const expects = new Map<string, number>();
  let depth = 0;
  let start = -1; // the line on which the statement in hand begins
  let free = 0; // the first line that belongs to nothing before it
  const close = (end: number) => {
    const statement = code
      .slice(start, end + 1)
      .join("\n")
      .trim();
    const name = nameOf(statement);
    if (/^import\b/.test(statement)) {
      const forExprs = /\/\/ @exprs\s*$/.test(lines[end]);
      imports.push(...importsOf(statement.slice(0, -1), file, start + 1, forExprs));
      for (let k = start; k <= end; k++) importLines.add(k);
    } else if (/^(enable|requires|diagnostic)\b/.test(statement)) {
      for (let k = start; k <= end; k++) directiveLines.add(k);
    } else if (name === undefined) {
      if (!/^const_assert\b/.test(statement)) throw new WgslError(file, start + 1, `cannot read "${statement}"`);
    } else {
      const known = declarations.get(name);
      if (known) throw new WgslError(file, start + 1, `${name} is declared at line ${known.line} too`);
      let from = start;
      while (from > free && isComment(lines[from - 1])) from--;
      const uses = usesOf(code.slice(start, end + 1), start, name);
      declarations.set(name, { name, from, to: end + 1, line: start + 1, uses });
    }
    start = -1;
    free = end + 1;
  };
  lines.forEach((line, at) => {
    const expected = /^\/\/ @expects (.*)$/.exec(line)?.[1];
    for (const name of expected?.split(",") ?? []) expects.set(name.trim(), at + 1);
    if (line.includes("/*")) throw new WgslError(file, at + 1, "block comments are not read; begin each line with //");
    for (const c of code[at]) {
      if (start < 0 && c !== " ") {
        if (free > at) throw new WgslError(file, at + 1, "two declarations on one line");
        start = at;
      }
      if ("([{".includes(c)) depth++;
      else if (")]}".includes(c)) depth--;
      if (depth < 0) throw new WgslError(file, at + 1, `"${c}" closes nothing`);
      const braces = /^\s*import\b/.test(code[start] ?? "");
      if (depth === 0 && start >= 0 && (c === ";" || (c === "}" && !braces))) close(at);
    }
  });
  if (start >= 0) throw new WgslError(file, start + 1, "the declaration that begins here has no end");
  return { file, lines, imports, declarations, importLines, directiveLines, expects };
}
