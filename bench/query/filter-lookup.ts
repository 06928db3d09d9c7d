// Time to resolve and parse one filter parameter among 10 and among 1000 fields; it should be the same:
//   node --import tsx bench/query/filter-lookup.ts
import type { Column, EventQuery, Filter } from "../../runtime/schema/event-table.js";
import { parseFilter } from "../../runtime/schema/filter.js";
import { SEMANTIC_TYPES } from "../../runtime/schema/semantic-types.js";
import { median, processorMs, report } from "../measure.js";

const LOOKUPS = 2_000_000;

function queryWith(fieldCount: number): EventQuery {
  const filters = new Map<string, Filter>();
  for (let i = 0; i < fieldCount; i++) {
    const column: Column = {
      ...{
        name: `field_${i}`,
        type: "uint32",
        isList: false,
        isNullable: false,
        enumValues: [],
        title: "",
        description: "",
      },
      ...{ wireshark: [], isListed: false, annotation: {}, fieldNumber: i + 1, messagePath: [] },
    };
    for (const operator of SEMANTIC_TYPES.uint32.operators)
      filters.set(`${column.name}_${operator}`, { column, operator });
  }
  return { filters, orderings: new Map(), columnsByNumber: new Map(), pathTemplates: [] };
}

function nanosecondsPerLookup(fieldCount: number): number {
  const query = queryWith(fieldCount);
  const names = Array.from({ length: 10 }, (_, i) => `field_${Math.floor((i * fieldCount) / 10)}_gte`);
  const milliseconds = processorMs(() => {
    for (let i = 0; i < LOOKUPS; i++) parseFilter(query, names[i % 10]!, "42");
  });
  return (milliseconds * 1e6) / LOOKUPS;
}

nanosecondsPerLookup(100);
for (const fieldCount of [10, 100, 1000])
  report(`filter parameter, ${fieldCount} fields`, {
    ns: median(Array.from({ length: 5 }, () => nanosecondsPerLookup(fieldCount))),
  });
