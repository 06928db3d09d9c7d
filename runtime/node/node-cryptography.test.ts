import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { formatHex } from "../bytes/hexadecimal.js";
import { nodeCryptography } from "./node-cryptography.js";

it("digests are those of the published examples (RFC 1321, appendix A.5; FIPS 180-4, example abc)", () => {
  expect(nodeCryptography.hexDigest("md5", "abc")).toBe("900150983cd24fb0d6963f7d28e17f72");
  expect(nodeCryptography.hexDigest("sha256", "abc")).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  expect(formatHex(nodeCryptography.digest("md5", new Uint8Array()))).toBe("d41d8cd98f00b204e9800998ecf8427e");
});

it("digests of any text and of its bytes are equal to those of streamed input", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.constantFrom("md5", "sha256"), (text, algorithm) => {
      const bytes = new TextEncoder().encode(text);
      const expected = createHash(algorithm).update(bytes).digest("hex");
      expect(nodeCryptography.hexDigest(algorithm, text)).toBe(expected);
      const digest = nodeCryptography.digest(algorithm, bytes);
      expect(Object.getPrototypeOf(digest)).toBe(Uint8Array.prototype);
      expect(formatHex(digest)).toBe(expected);
    }),
  );
});

it("a digest is of a part of a buffer if it is given one", () => {
  const bytes = new TextEncoder().encode("xabcx").subarray(1, 4);
  expect(formatHex(nodeCryptography.digest("sha256", bytes))).toBe(nodeCryptography.hexDigest("sha256", "abc"));
});
