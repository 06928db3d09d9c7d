import fc from "fast-check";
import { expect, it } from "vitest";
import { compareBytes } from "./compare.js";
import { formatHex, parseHex } from "./hexadecimal.js";
import { decodeUtf8, encodeText, latin1Text } from "./text.js";

const short = fc.uint8Array({ maxLength: 4, max: 3 });

it("orders bytes as Node.js does", () => {
  fc.assert(
    fc.property(short, short, (left, right) => {
      expect(Math.sign(compareBytes(left, right))).toBe(Buffer.compare(left, right));
    }),
  );
});

it("writes and reads the texts of bytes as Node.js does", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const buffer = Buffer.from(bytes);
      expect(formatHex(bytes)).toBe(buffer.toString("hex"));
      expect(parseHex(buffer.toString("hex").toUpperCase())).toEqual(bytes);
      expect(latin1Text(bytes, 0, bytes.length)).toBe(buffer.toString("latin1"));
      expect(decodeUtf8(bytes, 0, bytes.length)).toBe(buffer.toString("utf8"));
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(Buffer.from(encodeText(text))).toEqual(Buffer.from(text));
    }),
  );
});
