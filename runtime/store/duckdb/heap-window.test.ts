import { DuckDBInstance } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

beforeEach(() => vi.resetModules());
afterEach(() => vi.doUnmock("./process-memory.js"));

describe("texts of a vector", () => {
  it.each(["in place", "copied out"])("of any length are read %s", async (how) => {
    if (how === "copied out") vi.doMock("./process-memory.js", () => ({ processMemory: undefined }));
    const { readVector } = await import("./vector-reader.js");
    // Inline and not, short and far longer than a window; each is told from the others by its first characters.
    const lengths = Array.from({ length: 1000 }, (_, i) => (i % 100 === 99 ? i * 200 : i % 40));
    const sent = lengths.map((length, i) => `${i}é${"x".repeat(length)}`);
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    try {
      const result = await connection.run(
        "SELECT text, [text, 'between', text || '!'] FROM (SELECT i || 'é' || repeat('x', CASE WHEN i % 100 = 99 THEN i * 200 ELSE i % 40 END) AS text FROM range(1000) t(i))",
      );
      const chunk = result.getChunk(0);
      const read = (column: number, isList: boolean) =>
        readVector(duckdb.data_chunk_get_vector(chunk.chunk, column), { type: "text", isList }, chunk.rowCount);
      expect(read(0, false)).toEqual(sent);
      expect(read(1, true)).toEqual(sent.map((text) => [text, "between", `${text}!`]));
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  });
});
