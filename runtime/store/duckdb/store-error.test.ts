import { describe, expect, it } from "vitest";
import { WireloomError } from "../../wireloom-error.js";
import { storeError, writeError } from "./store-error.js";

const NO_SPACE = 'IO Error: Could not write file "rows.duckdb": No space left on device';
const NO_MEMORY = "Out of Memory Error: failed to allocate data of size 16.0 MiB (1.0 GiB/1.0 GiB used)";

describe("an error of DuckDB", () => {
  it.each([
    [NO_SPACE, "store_full"],
    [NO_MEMORY, "resource_exhausted"],
    ["INTERRUPT Error: Interrupted!", "unavailable"],
    ["Binder Error: no such column", "store_failed"],
  ])("%j of a query is %s", (message, code) => {
    expect(storeError("rows.duckdb", new Error(message)).code).toBe(code);
  });

  it.each([
    [NO_SPACE, "store_full"],
    // A sender would take resource_exhausted for a fault of its batch, and drop it.
    [NO_MEMORY, "store_failed"],
    ["INTERRUPT Error: Interrupted!", "store_failed"],
    // Room alone does not help.
    [
      `Database "wireloom" has been invalidated because checkpointing failed. Original error: ${NO_SPACE}`,
      "store_broken",
    ],
  ])("%j of a write is %s", (message, code) => {
    expect(writeError("rows.duckdb", new Error(message)).code).toBe(code);
  });

  it("stays what it is where it is known already", () => {
    const known = new WireloomError("malformed_row_group", "a row");
    expect([storeError("x", known), writeError("x", known)]).toEqual([known, known]);
  });
});
