import { expect, it } from "vitest";
import { collectedEvents } from "../../generated/collected-events.js";
import { SEMANTIC_TYPES } from "../../runtime/schema/semantic-types.js";
import { DUCKDB_TYPES } from "../../runtime/store/duckdb/duckdb-types.js";

it("columns have the types that filters bind their values with, so that comparisons need no cast", () => {
  for (const { table, definitions } of collectedEvents) {
    for (const { name, type, isList } of table.columns) {
      expect(definitions["duckdb"]!.create).toMatch(
        new RegExp(`[(,] ?"${name}" ${DUCKDB_TYPES[SEMANTIC_TYPES[type].storage]}${isList ? "\\[\\]" : ""}[ ,)]`),
      );
    }
  }
});
