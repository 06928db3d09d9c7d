import { createImportSymbol, type ImportSymbol, type Printable } from "@bufbuild/protoplugin";

/** One line of code; names of other modules are symbols, which the printer imports. */
export type Line = Printable;

/** A line with symbols among its text. */
export function code(fragments: TemplateStringsArray, ...values: readonly Printable[]): Line {
  return fragments.flatMap((fragment, i) => (i < values.length ? [fragment, values[i]!] : [fragment]));
}

/** Lines one level deeper. */
export function indent(lines: readonly Line[], levels = 1): Line[] {
  return lines.map((line) => ["  ".repeat(levels), line]);
}

/** A doc comment of one line; empty without text. */
export function doc(text: string): Line[] {
  return text === "" ? [] : [`/** ${text.replaceAll("*/", "*\\/")} */`];
}

/** A name of a module of the runtime, such as `record/columns`. */
export function runtime(name: string, module: string): ImportSymbol {
  return createImportSymbol(name, `../runtime/${module}.js`);
}

/** As {@link runtime} for a type. */
export function runtimeType(name: string, module: string): ImportSymbol {
  return createImportSymbol(name, `../runtime/${module}.js`, true);
}

/** A name of a generated module, by its path without an ending. */
export function generated(name: string, module: string): ImportSymbol {
  return createImportSymbol(name, `./${module}.js`);
}

/** As {@link generated} for a type. */
export function generatedType(name: string, module: string): ImportSymbol {
  return createImportSymbol(name, `./${module}.js`, true);
}
