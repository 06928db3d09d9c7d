import { brotliDecompressSync, constants, gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { compressResponse } from "./compress-response.js";

describe("a compressed answer", () => {
  it.each([
    ["gzip", (bytes: Uint8Array) => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })],
    ["br", (bytes: Uint8Array) => brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH })],
  ])(
    "of %s has the first piece before the second is there, and ends its source with its reader",
    async (coding, read) => {
      let isCanceled = false;
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(Buffer.from("first row\n")),
        // The second piece never comes.
        pull: () => new Promise(() => undefined),
        cancel() {
          isCanceled = true;
        },
      });
      const response = await compressResponse(new Response(body), coding);
      expect(response.headers.get("content-encoding")).toBe(coding);
      const reader = response.body!.getReader();
      const pieces: Uint8Array[] = [];
      for (let text = ""; text !== "first row\n"; text = read(Buffer.concat(pieces)).toString()) {
        pieces.push((await reader.read()).value as Uint8Array);
      }
      await reader.cancel();
      await expect.poll(() => isCanceled).toBe(true);
    },
  );

  it.each(["gzip", "br"])("of %s is whole, whatever its size", async (coding) => {
    for (const size of [1024, 256 << 10, (256 << 10) + 1, 2 << 20]) {
      const text = "row,".repeat(size / 4) + "x".repeat(size % 4);
      const response = await compressResponse(
        new Response(text, { headers: { "content-length": String(size) } }),
        coding,
      );
      const body = Buffer.from(await response.arrayBuffer());
      expect(response.headers.get("content-length")).toBe(String(body.length));
      expect((coding === "br" ? brotliDecompressSync(body) : gunzipSync(body)).toString()).toBe(text);
    }
  });
});
