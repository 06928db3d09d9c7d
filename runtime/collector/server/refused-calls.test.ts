import { request as httpRequest } from "node:http";
import { create, type DescMethodServerStreaming, type DescMethodUnary } from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import * as grpc from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DnsService, ListDnsRequestSchema, WatchDnsRequestSchema } from "../../../generated/dns/dns_service_pb.js";
import { type CollectorFixture, startFixture } from "../testing/collector.js";

const DNS = "/wireloom.dns.v1.DnsService";

let fixture: CollectorFixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture.close());

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly code: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A request as it is written here: `fetch` would add a content type. */
function call(path: string, type: string | undefined, method = "POST"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = type === undefined ? {} : { "content-type": type };
    const request = httpRequest(fixture.collector.url + path, { method, headers }, (response) => {
      const read = async (): Promise<Answer> => {
        const text = Buffer.concat(await response.toArray()).toString();
        const { code, message } = JSON.parse(text) as { code: string; message: string };
        const { statusCode, headers: all } = response;
        return { status: statusCode!, type: all["content-type"], code, message, headers: all };
      };
      read().then(resolve, reject);
    });
    request.on("error", reject);
    request.end(method === "GET" ? undefined : "{}");
  });
}

const UNARY = "send application/json or application/proto, or application/grpc or application/grpc-web";
const STREAMED =
  "send application/connect+json or application/connect+proto (it streams messages in Connect's envelopes), or application/grpc or application/grpc-web";

describe("a call that its method does not take", () => {
  it.each([
    [`${DNS}/ListDns`, undefined, `the request has no Content-Type; ${UNARY}`],
    [`${DNS}/ListDns`, "text/plain", `ListDns does not take Content-Type "text/plain"; ${UNARY}`],
    [`${DNS}/GetDns`, "application/json-seq", `GetDns does not take Content-Type "application/json-seq"; ${UNARY}`],
    [
      `${DNS}/ListDns`,
      "application/connect+json",
      `ListDns does not take Content-Type "application/connect+json"; ${UNARY}`,
    ],
    [`${DNS}/WatchDns`, "application/json", `WatchDns does not take Content-Type "application/json"; ${STREAMED}`],
    [`${DNS}/WatchDns`, undefined, `the request has no Content-Type; ${STREAMED}`],
  ])("%s as %s says what to send", async (path, type, message) => {
    expect(await call(path, type)).toMatchObject({
      ...{ status: 415, type: "application/json", code: "invalid_argument", message },
    });
  });

  it.each(["GET", "PUT", "PATCH"])("by %s names POST", async (method) => {
    for (const type of [undefined, "application/json"]) {
      const answer = await call(`${DNS}/ListDns`, type, method);
      expect(answer).toMatchObject({ status: 405, type: "application/json", code: "unimplemented" });
      expect([answer.message, answer.headers["allow"]]).toEqual([`ListDns takes POST, not ${method}`, "POST"]);
    }
  });

  it("to a method that streams both ways over HTTP/1.1 names HTTP/2", async () => {
    for (const path of [
      "/wireloom.v1.IngestService/Ingest",
      "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    ]) {
      const answer = await call(path, "application/connect+proto");
      expect(answer).toMatchObject({ status: 505, type: "application/json", code: "unimplemented" });
      expect(answer.message).toMatch(/ streams in both directions, which HTTP\/1\.1 cannot; use HTTP\/2/);
      expect(answer.headers["connection"]).toBe("close");
    }
  });
});

const NO_METHOD = 'wireloom.dns.v1.DnsService has no method "LisDns"; it has ListDns, GetDns, WatchDns';

describe("a call of a method that does not exist", () => {
  it.each([
    [`${DNS}/LisDns`, NO_METHOD],
    [
      "/wireloom.dsn.v1.DsnService/ListDsn",
      'there is no service "wireloom.dsn.v1.DsnService"; the nearest is "wireloom.dns.v1.DnsService"',
    ],
    ["/dns.DnsService/ListDns", 'there is no service "dns.DnsService"; the nearest is "wireloom.dns.v1.DnsService"'],
    [
      "/wireloom.v1.IngetService/Ingest",
      'there is no service "wireloom.v1.IngetService"; the nearest is "wireloom.v1.IngestService"',
    ],
  ])("%s is refused in Connect's form", async (path, message) => {
    for (const type of ["application/json", "application/proto", undefined])
      expect(await call(path, type)).toMatchObject({
        ...{ status: 501, type: "application/json", code: "unimplemented", message },
      });
  });

  it("lists the services where none is near", async () => {
    const { message } = await call("/wireloom.kafka.v1.KafkaService/ListKafka", "application/json");
    expect(message).toMatch(/^there is no service "wireloom\.kafka\.v1\.KafkaService"; there are wireloom\.v1\.Ingest/);
  });

  it.each(["/dns/ListDns", "/v1/dns", "/wireloom.dns.v1.DnsService", "/wireloom.dns.v1.DnsService/ListDns/x"])(
    "is not what POST %s is",
    async (path) => {
      const response = await fetch(fixture.collector.url + path, { method: "POST", body: "{}" });
      expect([404, 405]).toContain(response.status);
      expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
    },
  );

  const listed = { ...DnsService.method.listDns, name: "LisDns" } as DescMethodUnary;
  const watched = { ...DnsService.method.watchDns, name: "LisDns" } as DescMethodServerStreaming;
  const transports: [string, () => Transport][] = [
    ["Connect", () => createConnectTransport({ baseUrl: fixture.collector.url, httpVersion: "1.1" })],
    ["Connect over HTTP/2", () => createConnectTransport({ baseUrl: fixture.collector.url, httpVersion: "2" })],
    ["gRPC", () => createGrpcTransport({ baseUrl: fixture.collector.url })],
    ["gRPC-Web", () => createGrpcWebTransport({ baseUrl: fixture.collector.url, httpVersion: "1.1" })],
  ];

  it.each(transports)("reaches a client of %s", async (_, connect) => {
    const transport = connect();
    const unary = transport.unary(listed, undefined, undefined, undefined, create(ListDnsRequestSchema));
    const failure = ConnectError.from(await unary.catch((error: unknown) => error));
    expect([failure.code, failure.rawMessage]).toEqual([Code.Unimplemented, NO_METHOD]);
    const streamed = (async () => {
      async function* input() {
        yield create(WatchDnsRequestSchema);
      }
      const { message } = await transport.stream(watched, undefined, undefined, undefined, input());
      for await (const _row of message) expect.unreachable();
    })();
    const cut = ConnectError.from(await streamed.catch((error: unknown) => error));
    expect([cut.code, cut.rawMessage]).toEqual([Code.Unimplemented, NO_METHOD]);
  });

  it("reaches grpc-js", async () => {
    const { host, port } = fixture.collector.address;
    const client = new grpc.Client(`${host}:${port}`, grpc.credentials.createInsecure());
    const error = await new Promise<grpc.ServiceError | null>((resolve) => {
      const same = (bytes: Buffer) => bytes;
      client.makeUnaryRequest(`${DNS}/LisDns`, same, same, Buffer.alloc(0), (failure) => resolve(failure));
    });
    client.close();
    expect(error?.code).toBe(grpc.status.UNIMPLEMENTED);
    expect(error?.details).toContain("has no method");
  });

  it("leaves nothing in the log", () => {
    expect(fixture.logged).toEqual([]);
  });
});
