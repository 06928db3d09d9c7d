import { parseHex } from "../bytes/hexadecimal.js";
import { WireloomError } from "../wireloom-error.js";
import { parseDuration } from "./duration-text.js";
import type { Column } from "./event-table.js";
import { parseMac, parseUuid } from "./hexadecimal.js";
import { parseIp } from "./ip-text.js";
import { nearestName } from "./nearest-name.js";
import { quote } from "./quote.js";
import { RequestClock } from "./request-clock.js";
import { SEMANTIC_TYPES } from "./semantic-type.js";
import { parseTime } from "./time-expression.js";
import type { ScalarValue } from "./value.js";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * The canonical form of a value (or of a list's item) as people write it; `parameter` is what it was given for, for
 * the message; `clock` says what `now` is. Enum names count without regard to case. Throws a {@link WireloomError} `invalid_filter` on text that
 * is no such value.
 */
export function parseValue(
  column: Column,
  text: string,
  parameter: string,
  clock: RequestClock = new RequestClock(),
): Exclude<ScalarValue, null> {
  const value = parse(column, text, clock);
  if (value === undefined) throw invalidValue(column, text, parameter);
  return value;
}

/** The error of a value that does not fit its parameter: names both, and says what is expected. */
function invalidValue(column: Column, text: string, parameter: string): WireloomError {
  const nearest = nearestName(
    text,
    column.enumValues.map((value) => value.name),
  );
  const guess = nearest === undefined ? "" : `; the nearest is ${quote(nearest)}`;
  return new WireloomError("invalid_filter", `${parameter}: ${quote(text)} is not ${expectedForm(column)}${guess}`);
}

function expectedForm(column: Column): string {
  const names = column.enumValues.map((value) => value.name);
  if (column.type === "flags") return `a number, or some of ${names.join(", ")}, separated by commas`;
  if (column.type !== "enum") return SEMANTIC_TYPES[column.type].valueForm;
  const shown = names.length > 12 ? `${names.slice(0, 12).join(", ")}, …` : names.join(", ");
  return `a number or one of ${shown}`;
}

function parse(column: Column, text: string, clock: RequestClock): Exclude<ScalarValue, null> | undefined {
  switch (column.type) {
    case "bool":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "port":
      return smallInteger(text, 0, 65535);
    case "uint32":
      return smallInteger(text, 0, 4294967295);
    case "int32":
      return smallInteger(text, -2147483648, 2147483647);
    case "enum":
      return enumNumber(column, text) ?? smallInteger(text, -2147483648, 2147483647);
    case "flags":
      return flagBits(column, text) ?? smallInteger(text, 0, 4294967295);
    case "uint64":
      return bigInteger(text, (value) => BigInt.asUintN(64, value));
    case "int64":
      return bigInteger(text, (value) => BigInt.asIntN(64, value));
    case "double":
      return NUMBER.test(text) || /^(NaN|-?Infinity)$/.test(text) ? Number(text) : undefined;
    case "timestamp":
      return parseTime(text, clock);
    case "duration":
      return parseDuration(text);
    case "ip":
      return parseIp(text);
    case "mac":
      return parseMac(text);
    case "uuid":
      return parseUuid(text);
    case "bytes":
      return parseHex(text);
    case "text":
      return text;
  }
}

function enumNumber(column: Column, text: string): number | undefined {
  const name = text.toUpperCase();
  return column.enumValues.find((value) => value.name.toUpperCase() === name)?.number;
}

/** The bits of some names together; undefined where one is not a name of a bit. */
function flagBits(column: Column, text: string): number | undefined {
  let bits = 0;
  for (const name of text.split(/[,|+ ]+/)) {
    const bit = enumNumber(column, name);
    if (bit === undefined) return undefined;
    bits = (bits | bit) >>> 0;
  }
  return bits;
}

function smallInteger(text: string, least: number, most: number): number | undefined {
  if (!/^-?\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value + 0 : undefined;
}

function bigInteger(text: string, wrap: (value: bigint) => bigint): bigint | undefined {
  if (!/^-?\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text);
  return wrap(value) === value ? value : undefined;
}
