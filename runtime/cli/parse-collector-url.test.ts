import { expect, it } from "vitest";
import { parseCollectorUrl } from "./parse-collector-url.js";

it.each([
  ["http://127.0.0.1:4870", "http://127.0.0.1:4870"],
  ["http://127.0.0.1:4870/", "http://127.0.0.1:4870"],
  ["HTTPS://Collector.Example", "https://collector.example"],
  ["http://[::1]:4870", "http://[::1]:4870"],
])("%s is a collector's URL", (text, url) => {
  expect(parseCollectorUrl(text)).toBe(url);
});

it.each([
  ["localhost", '"localhost" is not a collector\'s URL; write it as http://127.0.0.1:4870'],
  [
    "localhost:4870",
    '"localhost:4870" is not a collector\'s URL; write it as http://localhost:4870, or https:// with TLS',
  ],
  ["ftp://localhost", '"ftp://localhost" is not a collector\'s URL; write it as http://127.0.0.1:4870'],
  ["http://a:4870/v1?token=secret", "--collector does not accept a path such as /v1; write it as http://a:4870"],
  ["http://a:4870?token=secret", "--collector does not accept a query or fragment; write it as http://a:4870"],
  ["http://a:4870/#top", "--collector does not accept a query or fragment; write it as http://a:4870"],
  ["ftp://me:secret@a", '"ftp://…@a" is not a collector\'s URL; write it as http://127.0.0.1:4870'],
  ["http://me:secret@a:99999", '"http://…@a:99999" is not a collector\'s URL; write it as http://127.0.0.1:4870'],
  ["a:x?token=secret", '"a:x" is not a collector\'s URL; write it as http://127.0.0.1:4870'],
  ["http://me:secret@a:4870", "--collector does not accept a user or password; write it as http://a:4870"],
])("%s is refused without showing a secret", (text, message) => {
  expect(() => parseCollectorUrl(text)).toThrow(expect.objectContaining({ code: "usage", message }));
});
