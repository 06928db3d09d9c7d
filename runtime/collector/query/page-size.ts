import { quote } from "../../schema/quote.js";
import { WireloomError } from "../../wireloom-error.js";

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 1000;

/** The page size that a text states. Throws `invalid_argument` where it is not a whole number in range. */
export function parsePageSize(text: string): number {
  const pageSize = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (pageSize > 0 && pageSize <= MAX_PAGE_SIZE) return pageSize;
  throw invalidPageSize(quote(text));
}

/** The page size asked for; the default where none is, or 0 as in a message without it. Throws `invalid_argument`. */
export function checkPageSize(pageSize = 0): number {
  if (pageSize === 0) return DEFAULT_PAGE_SIZE;
  if (Number.isInteger(pageSize) && pageSize > 0 && pageSize <= MAX_PAGE_SIZE) return pageSize;
  throw invalidPageSize(String(pageSize));
}

function invalidPageSize(text: string): WireloomError {
  return new WireloomError("invalid_argument", `page_size: ${text} is not a whole number from 1 to ${MAX_PAGE_SIZE}`);
}
