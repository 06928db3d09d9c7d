/** Units that take a prefix, by their case-sensitive symbols: those of UCUM's tables that measure networks, computers and their places. */
const METRIC_UNITS = new Set([
  ...[
    "m",
    "s",
    "g",
    "K",
    "C",
    "cd",
    "mol",
    "rad",
    "sr",
    "Hz",
    "N",
    "Pa",
    "J",
    "W",
    "A",
    "V",
    "F",
    "Ohm",
    "S",
    "Wb",
    "T",
    "H",
  ],
  ...["lm", "lx", "Bq", "Gy", "Sv", "Cel", "l", "L", "t", "bar", "eV", "B", "B[W]", "B[mW]", "bit", "By", "Bd"],
]);

/** Units without a prefix. */
const OTHER_UNITS = new Set([
  "%",
  "[ppth]",
  "[ppm]",
  "[ppb]",
  "1",
  "deg",
  "'",
  "''",
  "min",
  "h",
  "d",
  "wk",
  "mo",
  "a",
  "m[H2O]",
]);

const PREFIXES = ["da", "Ki", "Mi", "Gi", "Ti", ..."YZEPTGMkhdcmunpfazy"];

/** A number, a unit or neither, with an exponent, and what is counted: `s`, `m2`, `By`, `10`, `{packet}`, `1{row}`. */
const COMPONENT = /^(?:\d+|([A-Za-z%'][A-Za-z%']*(?:\[[\w^]+\])?|\[[\w^]+\])([+-]?[1-9])?)?(\{[\x21-\x7a|~]+\})?$/;

/** Whether a text is a code of the Unified Code for Units of Measure (UCUM), case-sensitive, of common units: `By/s`, `ms`, `{packet}`, `%`. */
export function isUnit(text: string): boolean {
  return text !== "" && text.replace(/^\//, "").split(/[./]/).every(isComponent);
}

function isComponent(text: string): boolean {
  const found = COMPONENT.exec(text);
  if (text === "" || found === null) return false;
  const unit = found[1];
  if (unit === undefined || METRIC_UNITS.has(unit) || OTHER_UNITS.has(unit)) return true;
  return PREFIXES.some((prefix) => unit.startsWith(prefix) && METRIC_UNITS.has(unit.slice(prefix.length)));
}
