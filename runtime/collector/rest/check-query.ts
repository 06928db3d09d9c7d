import { quote } from "../../schema/quote.js";
import { WireloomError } from "../../wireloom-error.js";

const ENCODED_BYTES = /(?:%[\da-f]{2})+/gi;

/** Refuses a query with bytes that are not UTF-8, which would be read as replacement characters. Throws `invalid_argument`. */
export function checkQuery(url: string): void {
  const query = url.slice(url.indexOf("?") + 1);
  for (const [bytes] of query.matchAll(ENCODED_BYTES)) {
    try {
      decodeURIComponent(bytes);
    } catch (cause) {
      throw new WireloomError("invalid_argument", `the query has ${quote(bytes)}, which is not UTF-8`, { cause });
    }
  }
}
