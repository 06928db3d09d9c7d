import { quote } from "../../schema/quote.js";
import { WireloomError } from "../../wireloom-error.js";

const ENCODED_BYTES = /(?:%[\da-f]{2})+/gi;

/** Refuses a query with bytes that are not UTF-8, which would be read as replacement characters. Throws `invalid_argument`. */
export function checkQuery(url: string): void {
  const { search } = new URL(url);
  for (const [bytes] of search.matchAll(ENCODED_BYTES)) {
    try {
      decodeURIComponent(bytes);
    } catch (cause) {
      throw new WireloomError("invalid_argument", `the query has ${quote(bytes)}, which is not UTF-8`, { cause });
    }
  }
}
