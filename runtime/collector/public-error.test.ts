import { Writable } from "node:stream";
import { expect, it } from "vitest";
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
