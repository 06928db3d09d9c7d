/** What other systems call what this API has, by what it is here. */
const WORDS: Readonly<Record<string, string>> = {
  page_size:
    "per_page perpage size page_limit max max_results maxresults top $top first rows n num take results pagelimit",
  page_token:
    "offset page cursor skip $skip start_after after_id next continuation token page_number pagenumber from_id",
  order_by: "sort sort_by sortby order $orderby ordering sort_order direction",
  fields: "select $select columns cols include only field attributes projection returning",
  filter: "q query search filter filters where $filter s text match keyword find fq expr",
  or: "or any_of or_filter anyof $or",
  and: "and not $and $not",
  time_gte: "since from start start_time starttime after begin time_from date_from time_start",
  time_lt: "until to end end_time endtime before time_to date_to time_end",
  format: "format output accept _format content_type type",
  count: "total with_total include_total $count count_only totals",
};

const MEANINGS: ReadonlyMap<string, string> = new Map(
  Object.entries(WORDS).flatMap(([meaning, words]) =>
    words.split(" ").map((word): [string, string] => [word, meaning]),
  ),
);

/**
 * What to write in place of a parameter of other systems, as the end of a message; undefined for names that are none. `fieldNames` are
 * those of the event, for an example and a list.
 */
export function describeForeignParameter(name: string, exampleField: string, fieldNames: string): string | undefined {
  const meaning = MEANINGS.get(name.toLowerCase());
  switch (meaning) {
    case undefined:
      return undefined;
    case "page_token":
      return 'pages are walked by "page_token", with the next_page_token of the page before; "page_size" is the number of rows';
    case "page_size":
      return 'use "page_size", or "limit" for NDJSON and CSV';
    case "order_by":
      return 'use "order_by", such as order_by=time desc';
    case "filter":
      return `a filter is a field with an operator, such as ${exampleField}_eq=value or ${exampleField}_contains=text; ${fieldNames}`;
    case "or":
      return `all filters must hold; one of several values is ${exampleField}_in=a,b`;
    case "and":
      return `all filters must hold; ${exampleField}_ne=value and ${exampleField}_not_in=a,b exclude values`;
    case "format":
      return "the Accept header chooses application/json, application/x-ndjson or text/csv";
    case "time_gte":
    case "time_lt":
      return `use "${meaning}", such as ${meaning}=now-15m`;
    default:
      return `use "${meaning}"`;
  }
}
