import { createHash } from "node:crypto";
import type { EventTable } from "../../schema/event-table.js";
import type { ParsedFilter } from "../../schema/filter.js";
import { formatScalar } from "../../schema/format-value.js";
import { parseValue } from "../../schema/parse-value.js";
import type { Row, ScalarValue } from "../../schema/value.js";
import type { Ordering } from "../../store/query-store.js";
import { WireloomError } from "../../wireloom-error.js";

const NOW = /@(\d{1,19})$/;

/**
 * Token of the page after the row with these values, one for each ordering: base64url of a JSON array of a digest of the query and the
 * values as text. The digest is followed by `@` and the time of `now` where a filter names it. The token has no SQL and no names; with
 * changed values it only requests another page of the same query.
 */
export function formatPageToken(
  table: EventTable,
  filters: readonly ParsedFilter[],
  orderBy: readonly Ordering[],
  values: Row,
  now: bigint | undefined,
): string {
  const texts = orderBy.map(({ column }, i) => {
    const value = values[i] as ScalarValue;
    return value === null ? null : formatScalar(column, value);
  });
  const madeFor = digest(table, filters, orderBy) + (now === undefined ? "" : `@${now}`);
  return Buffer.from(JSON.stringify([madeFor, ...texts])).toString("base64url");
}

/**
 * The values of a token. Throws a {@link WireloomError} `invalid_argument` on text that is not a token, and on a token
 * that was made for other filters or another order.
 */
export function parsePageToken(
  table: EventTable,
  filters: readonly ParsedFilter[],
  orderBy: readonly Ordering[],
  token: string,
): ScalarValue[] {
  const [madeFor, ...texts] = parseParts(token);
  if (madeFor?.replace(NOW, "") !== digest(table, filters, orderBy)) {
    throw new WireloomError(
      "invalid_argument",
      "page_token: the token belongs to other filters or another order; repeat those of the page before, or start without a token",
    );
  }
  if (texts.length !== orderBy.length) throw invalidToken();
  return orderBy.map(({ column }, i) => {
    const text = texts[i]!;
    if (text === null) {
      if (!column.isNullable) throw invalidToken();
      return null;
    }
    try {
      return parseValue(column, text, "page_token");
    } catch {
      throw invalidToken();
    }
  });
}

/** The time that `now` stands for in the filters of a token's query; undefined where no filter names it, and for text that is not a token. */
export function nowOfPageToken(token: string | undefined): bigint | undefined {
  if (!token) return undefined;
  try {
    const digits = NOW.exec(parseParts(token)[0] ?? "")?.[1];
    return digits === undefined ? undefined : BigInt(digits);
  } catch {
    // The token is checked again when the page is read, and refused there.
    return undefined;
  }
}

function parseParts(token: string): (string | null)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    if (Array.isArray(parts) && parts.every((part): part is string | null => part === null || typeof part === "string"))
      return parts;
  } catch {
    // Falls through to the one message for all invalid tokens.
  }
  throw invalidToken();
}

function invalidToken(): WireloomError {
  return new WireloomError(
    "invalid_argument",
    "page_token: the token is damaged; give the next_page_token of the page before as it was",
  );
}

/** Equal for the same conditions in any order. */
function digest(table: EventTable, filters: readonly ParsedFilter[], orderBy: readonly Ordering[]): string {
  const conditions = filters
    .map(({ column, operator, values }) =>
      JSON.stringify([column.name, operator, values.map((value) => conditionText(column, value))]),
    )
    .sort();
  const order = orderBy.map(({ column, isDescending }) => `${column.name} ${isDescending}`);
  return createHash("sha256")
    .update(JSON.stringify([table.resource, conditions, order]))
    .digest("base64url")
    .slice(0, 16);
}

function conditionText(column: ParsedFilter["column"], value: ScalarValue): string {
  return typeof value === "boolean" ? String(value) : formatScalar(column, value);
}
