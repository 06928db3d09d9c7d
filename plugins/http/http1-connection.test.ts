import { describe, expect, it } from "vitest";
import { ascii } from "../../runtime/plugin/index.js";

import { Http1Connection } from "./http1-connection.js";

/** Bytes that count how many of them are read. */
function countingReads(bytes: Uint8Array) {
  const reads = { count: 0 };
  const counted = new Proxy(bytes, {
    get(target, key) {
      reads.count++;
      return Reflect.get(target, key, target) as unknown;
    },
  });
  return { counted, reads };
}

describe("a header that comes in small segments is not read from its start at each", () => {
  it.each([
    ["a byte each", ascii(`GET /${"x".repeat(4000)}`), 1],
    ["a line each", ascii(`GET /${"x".repeat(2000)} HTTP/1.1\n${"a:\n".repeat(1000)}`), 3],
  ])("%s", (_, header, step) => {
    const { counted, reads } = countingReads(header);
    // A header without its end makes no row, so that the output is not used.
    const connection = new Http1Connection(undefined as never, undefined as never);
    for (let end = step; end <= header.length; end += step) {
      const segment = { bytes: counted, start: 0, end, isFromServer: false } as never;
      expect(connection.decode(segment)).toBe(0);
    }
    expect(reads.count).toBeLessThan(header.length * 20);
  });
});
