import { WireloomError } from "../wireloom-error.js";
import { quote } from "./quote.js";

/**
 * Values separated by commas, written as in CSV (RFC 4180): a value in double quotes may contain commas, and `""` for a quote; spaces around
 * the quotes are ignored. Outside quotes `\,` is a comma. A quote inside an unquoted value is literal.
 * Throws `invalid_filter` for a quoted value without an end, or with text after its end.
 */
export function splitValues(text: string, parameter: string): string[] {
  const values: string[] = [];
  // Each round takes one value and the comma after it.
  for (let at = 0; ; ) {
    const quoted = matchAt(/ *"((?:[^"]|"")*)" *(?=,|$)/sy, text, at);
    const plain = quoted === undefined ? matchAt(/(?:\\,|[^,])*/sy, text, at)! : undefined;
    if (plain !== undefined && /^ *"/.test(plain[0])) throw unbalancedQuote(text, parameter);
    const [whole, inner = ""] = quoted ?? plain!;
    values.push(quoted === undefined ? whole.replaceAll("\\,", ",") : inner.replaceAll('""', '"'));
    at += whole.length;
    if (at >= text.length) return values;
    at++;
  }
}

function matchAt(expression: RegExp, text: string, at: number): RegExpExecArray | undefined {
  expression.lastIndex = at;
  return expression.exec(text) ?? undefined;
}

function unbalancedQuote(text: string, parameter: string): WireloomError {
  return new WireloomError(
    "invalid_filter",
    `${parameter}: ${quote(text)} has a quoted value that does not end before a comma; write "a,b" for one value with a comma, "" inside it for a quote, and """a" for a value that begins with one`,
  );
}
