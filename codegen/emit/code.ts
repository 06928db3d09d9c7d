import { createImportSymbol, type ImportSymbol, type Printable } from "@bufbuild/protoplugin";

/** One line of code; names of other modules are symbols, for which the printer adds imports. */
export type Line = Printable;

/** A line with symbols in its text. */
export function code(fragments: TemplateStringsArray, ...values: readonly Printable[]): Line {
  return fragments.flatMap((fragment, i) => (i < values.length ? [fragment, values[i]!] : [fragment]));
}

/** Lines one level deeper. */
export function indent(lines: readonly Line[], levels = 1): Line[] {
  return lines.map((line) => (line === "" ? line : ["  ".repeat(levels), line]));
}

/** A doc comment of one line; no lines without text. */
export function doc(text: string): Line[] {
  return text === "" ? [] : [`/** ${text.replaceAll("*/", "*\\/")} */`];
}

/** An exported name of a runtime module, such as `record/columns`. */
export function runtime(name: string, module: string): ImportSymbol {
  return createImportSymbol(name, `../runtime/${module}.js`);
}

/** As {@link runtime} for a type. */
export function runtimeType(name: string, module: string): ImportSymbol {
  return createImportSymbol(name, `../runtime/${module}.js`, true);
}

/** An exported name of a generated module, whose path has no extension. */
export function generated(name: string, module: string): ImportSymbol {
  return createImportSymbol(name, `./${module}.js`);
}

/** As {@link generated} for a type. */
export function generatedType(name: string, module: string): ImportSymbol {
  return createImportSymbol(name, `./${module}.js`, true);
}
