/** A field and the direction of sorting. */
export interface OrderTerm {
  /** In lower case, as columns are named. */
  readonly name: string;
  readonly isDescending: boolean;
}

/** One term of an order, such as `time desc`: a field, optionally followed by `asc` or `desc` in any case; undefined for other text. */
export function parseOrderTerm(text: string): OrderTerm | undefined {
  const match = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(text);
  if (match === null) return undefined;
  return { name: match[1]!.toLowerCase(), isDescending: match[2]?.toLowerCase() === "desc" };
}
