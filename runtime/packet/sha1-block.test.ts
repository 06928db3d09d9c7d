import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hashSha1Block, sha1Block, sha1Digest } from "./sha1-block.js";

test("hashes every message of one block as OpenSSL does", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 55 }), (message) => {
      const padded = Buffer.alloc(64);
      padded.set(message);
      padded[message.length] = 0x80;
      padded.writeUInt32BE(message.length * 8, 60);
      for (let i = 0; i < 16; i++) sha1Block[i] = padded.readInt32BE(i * 4);
      hashSha1Block();
      const digest = Buffer.alloc(20);
      for (const [i, word] of sha1Digest.entries()) digest.writeInt32BE(word, i * 4);
      expect(digest.toString("hex")).toBe(createHash("sha1").update(message).digest("hex"));
    }),
  );
});
