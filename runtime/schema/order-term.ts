/** A field and the direction that rows are put in order by. */
export interface OrderTerm {
  /** In lower case, as columns are named. */
  readonly name: string;
  readonly isDescending: boolean;
}

/** One term of an order, such as `time desc`: a field with `asc` or `desc` after it or neither, in any case; undefined for other text. */
export function parseOrderTerm(text: string): OrderTerm | undefined {
  const match = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(text);
  if (match === null) return undefined;
  return { name: match[1]!.toLowerCase(), isDescending: match[2]?.toLowerCase() === "desc" };
}
