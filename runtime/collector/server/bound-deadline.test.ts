import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { Code } from "@connectrpc/connect";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CollectorFixture, dnsRowGroup, startFixture, storeRowGroups } from "../testing/collector.js";
import { boundDeadline } from "./bound-deadline.js";

it.each([
  ["grpc-timeout", "99999999H", "2147483S"],
  ["grpc-timeout", "596H", "596H"],
  ["grpc-timeout", "597H", "2147483S"],
  ["grpc-timeout", "99999999m", "99999999m"],
  ["grpc-timeout", "99999999n", "99999999n"],
  ["grpc-timeout", "5 minutes", "5 minutes"],
  ["connect-timeout-ms", "2147483647", "2147483647"],
  ["connect-timeout-ms", "2147483648", "2147483647"],
  ["connect-timeout-ms", "99999999999", "99999999999"],
  ["connect-timeout-ms", "soon", "soon"],
])("%s %s becomes %s", (name, value, bounded) => {
  const header = new Headers({ [name]: value });
  boundDeadline(header);
  expect(header.get(name)).toBe(bounded);
});

describe("a call's deadline", () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  let fixture: CollectorFixture;

  beforeAll(async () => {
    fixture = await startFixture();
    await storeRowGroups(fixture.store, "probe", [dnsRowGroup([{ queryName: "before.example" }])]);
  });
  afterAll(() => fixture.close());
  beforeEach(() => process.on("warning", onWarning));
  afterEach(() => process.off("warning", onWarning));

  function request(method: string, headers: Record<string, string>) {
    const session = connectHttp2(fixture.collector.url);
    const path = `/wireloom.dns.v1.DnsService/${method}`;
    const stream = session.request({ ":method": "POST", ":path": path, te: "trailers", ...headers });
    stream.on("close", () => session.close());
    return stream;
  }

  it.each([
    ["grpc-timeout", "99999999H", "application/grpc"],
    ["grpc-timeout", "99999999M", "application/grpc-web"],
    ["connect-timeout-ms", "9999999999", "application/proto"],
  ])("may be longer than a timer can wait: %s %s", async (name, value, type) => {
    const stream = request("ListDns", { "content-type": type, [name]: value });
    stream.end(type === "application/proto" ? undefined : Buffer.alloc(5));
    const [headers] = await once(stream, "response");
    expect(headers[":status"]).toBe(200);
    expect(Buffer.concat(await stream.toArray()).toString("latin1")).toContain("before.example");
    expect(warnings).toEqual([]);
  });

  it.each([
    ["grpc-timeout", "200m", "application/grpc", "WatchDns"],
    ["grpc-timeout", "0n", "application/grpc", "ListDns"],
    ["grpc-timeout", "200m", "application/grpc-web", "WatchDns"],
    ["connect-timeout-ms", "200", "application/connect+proto", "WatchDns"],
    ["connect-timeout-ms", "0", "application/proto", "ListDns"],
  ])("that is over is DEADLINE_EXCEEDED: %s %s, %s, %s", async (name, value, type, method) => {
    const stream = request(method, { "content-type": type, [name]: value });
    stream.end(type === "application/proto" ? undefined : Buffer.alloc(5));
    let trailers: Record<string, unknown> = {};
    let headers: Record<string, unknown> = {};
    stream.on("response", (received: Record<string, unknown>) => {
      headers = received;
    });
    stream.on("trailers", (received: Record<string, unknown>) => {
      trailers = received;
    });
    const body = Buffer.concat(await stream.toArray()).toString("latin1");
    const status = trailers["grpc-status"] ?? headers["grpc-status"] ?? /grpc-status: (\d+)/.exec(body)?.[1];
    expect(status ?? /"code":"(\w+)"/.exec(body)?.[1]).toBe(
      name === "grpc-timeout" ? String(Code.DeadlineExceeded) : "deadline_exceeded",
    );
  });

  it("may be longer than a timer can wait in a stream", async () => {
    const stream = request("WatchDns", {
      "content-type": "application/connect+proto",
      "connect-timeout-ms": "2147483648",
    });
    stream.end(Buffer.alloc(5));
    const first = once(stream, "data");
    const timer = setInterval(
      () => void storeRowGroups(fixture.store, "probe", [dnsRowGroup([{ queryName: "watched.example" }])]),
      100,
    );
    const [chunk] = await first;
    clearInterval(timer);
    stream.close();
    // A message, not the end of the stream.
    expect(chunk[0]).toBe(0);
    expect(warnings).toEqual([]);
  });
});
