import { Writable } from "node:stream";
import { expect, it } from "vitest";
import { type ErrorCode, WireloomError } from "../wireloom-error.js";
import { publicError } from "./public-error.js";

it("does not log the error of a write whose client goes away", async () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => setImmediate(done) });
  stream.on("error", () => undefined);
  stream.write("first");
  const error = await new Promise((resolve) => {
    stream.write("second", resolve);
    stream.destroy();
  });
  expect(error).toMatchObject({ code: "ERR_STREAM_DESTROYED" });
  const logged: unknown[] = [];
  expect(publicError(error, (entry) => logged.push(entry)).code).toBe("unavailable");
  expect(logged).toEqual([]);
});

it.each<ErrorCode>(["store_failed", "store_broken"])("leaves what a %s names to the log", (code) => {
  const error = new WireloomError(code, "/var/lib/wireloom/rows.duckdb failed: SELECT secret");
  const logged: unknown[] = [];
  const seen = publicError(error, (entry) => logged.push(entry));
  expect(seen).toMatchObject({ code: "unavailable", message: "the store failed; its log says more" });
  expect(logged).toEqual([error]);
});
