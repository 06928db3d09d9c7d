/** Units that take a prefix, by their case-sensitive symbols, from UCUM's tables (https://ucum.org/ucum). */
const METRIC_UNITS = new Set(
  "m s g K C cd mol rad sr Hz N Pa J W A V F Ohm S Wb T H lm lx Bq Gy Sv Cel l L t bar eV bit By Bd".split(" "),
);

/** Units without a prefix. `B` is the bel: with another prefix than `d` it is taken for a byte by mistake. */
const OTHER_UNITS = new Set("% 1 deg ' '' min h d wk mo a Np dB dB[W] dB[kW] dB[V] dB[mV] dB[uV] dB[SPL]".split(" "));

const PREFIXES = ["da", "Ki", "Mi", "Gi", "Ti", ..."YZEPTGMkhdcmunpfazy"];

/** An optional number, or unit with an exponent, and an optional annotation in braces: `s`, `m2`, `By`, `10`, `10*6`, `{packet}`, `1{row}`. */
const COMPONENT =
  /(?:[1-9]\d*(?:[*^][+-]?[1-9])?|([A-Za-z%'][A-Za-z%']*(?:\[\w+\])?|\[[A-Za-z_]+\])(?:[+-]?[1-9])?)?(?:\{[\x21-\x7a|~]+\})?/y;

/** Whether a text is a code of the Unified Code for Units of Measure (UCUM), case-sensitive, of common units: `By/s`, `ms`, `{packet}`, `%`. */
export function isUnit(text: string): boolean {
  COMPONENT.lastIndex = text.startsWith("/") ? 1 : 0;
  while (true) {
    const start = COMPONENT.lastIndex;
    const found = COMPONENT.exec(text);
    if (found === null || found[0] === "" || !isKnown(found[1])) return false;
    const end = start + found[0].length;
    if (end === text.length) return true;
    if (text[end] !== "." && text[end] !== "/") return false;
    COMPONENT.lastIndex = end + 1;
  }
}

/** True without a unit, and for one in brackets, such as `[ppm]`. */
function isKnown(unit: string | undefined): boolean {
  if (unit === undefined || unit.startsWith("[") || METRIC_UNITS.has(unit) || OTHER_UNITS.has(unit)) return true;
  return PREFIXES.some((prefix) => unit.startsWith(prefix) && METRIC_UNITS.has(unit.slice(prefix.length)));
}
