import fc from "fast-check";
import { expect, it } from "vitest";
import { readProxyHeaders } from "./proxy-headers.js";

const LINE = "PROXY TCP4 192.0.2.1 198.51.100.2 51000 443\r\n";
const BINARY = "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\xc6\x33\x64\x02\xc7\x38\x01\xbb";
const LOCAL = "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";

function read(text: string) {
  const bytes = Buffer.from(`x${text}`, "latin1");
  const { header, isIncomplete } = readProxyHeaders(bytes, 1, bytes.length);
  return { lengthBytes: header?.lengthBytes ?? 0, client: header?.client?.address.join("."), isIncomplete };
}

it.each([
  [`${LINE}GET /`, LINE.length, "192.0.2.1"],
  [`${BINARY}GET /`, BINARY.length, "192.0.2.7"],
  // The header of the load balancer next to the client comes last.
  [`${LINE}${BINARY}GET /`, LINE.length + BINARY.length, "192.0.2.7"],
  [`${BINARY}${LINE}GET /`, LINE.length + BINARY.length, "192.0.2.1"],
  // The header of a health check does not name a client; the other one does.
  [`${LINE}${LOCAL}GET /`, LINE.length + LOCAL.length, "192.0.2.1"],
  ["GET / HTTP/1.1\r\n", 0, undefined],
  ["POST / HTTP/1.1\r\n", 0, undefined],
  ["\r\nGET / HTTP/1.1\r\n", 0, undefined],
  ["\r\n\r\n\0\r\nQUIT\n\x11", 0, undefined],
  [`PROXY ${"x".repeat(120)}`, 0, undefined],
  ["PROXY TCP4 \r192.0.2.1", 0, undefined],
])("%j: %i bytes of headers, from %s", (text, lengthBytes, client) => {
  expect(read(text)).toEqual({ lengthBytes, client, isIncomplete: false });
});

it("at most four consecutive headers are read", () => {
  expect(read(LINE.repeat(5)).lengthBytes).toBe(4 * LINE.length);
});

it("any prefix of headers is incomplete, and so is a stream without bytes after them", () => {
  const headers = fc.array(fc.constantFrom(LINE, BINARY, LOCAL), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(headers, fc.double({ min: 0, max: 1, noNaN: true }), (headers, part) => {
      const text = headers.join("");
      expect(read(text.slice(0, 1 + Math.floor(part * (text.length - 1)))).isIncomplete).toBe(true);
      expect(read(`${text}GET /`).isIncomplete).toBe(false);
    }),
  );
});
