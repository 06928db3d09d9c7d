import { randomBytes } from "node:crypto";
import { connect } from "node:http2";
import { create, type DescService, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { type Client, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import * as grpc from "@grpc/grpc-js";
import { loadFileDescriptorSetFromBuffer, loadSync } from "@grpc/proto-loader";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RecordType } from "../../../generated/dns/dns_pb.js";
import { DnsField, DnsService } from "../../../generated/dns/dns_service_pb.js";
import { Operator } from "../../../generated/wireloom/v1/operator_pb.js";
import { CountMode } from "../../../generated/wireloom/v1/query_pb.js";
import { type CollectorFixture, dnsRowGroup, startFixture, storeRowGroups } from "../testing/collector.js";
import { reflectionService } from "./reflection/reflection-descriptors.js";

let fixture: CollectorFixture;

beforeAll(async () => {
  fixture = await startFixture();
  await storeRowGroups(fixture.store, "probe-1", [
    dnsRowGroup([
      {
        queryName: "a.example",
        queryType: RecordType.AAAA,
        latency: 5n,
        observation: { srcAddress: Uint8Array.of(192, 0, 2, 1), dstPort: 53 },
      },
      {
        queryName: "b.example",
        answerTtls: [1, 2],
        observation: { srcAddress: new Uint8Array(16).fill(1), truncated: true },
      },
      { queryName: "c.example" },
    ]),
  ]);
});

afterAll(() => fixture.close());

const transportsOf = (baseUrl: () => string): [string, () => Transport][] => [
  ["Connect over HTTP/1.1", () => createConnectTransport({ baseUrl: baseUrl(), httpVersion: "1.1" })],
  ["Connect over HTTP/2", () => createConnectTransport({ baseUrl: baseUrl(), httpVersion: "2" })],
  ["gRPC", () => createGrpcTransport({ baseUrl: baseUrl() })],
  ["gRPC-Web", () => createGrpcWebTransport({ baseUrl: baseUrl(), httpVersion: "1.1" })],
];
const transports = transportsOf(() => fixture.collector.url);

describe.each(transports)("a client of %s", (transportName, transport) => {
  let client: Client<typeof DnsService>;
  beforeAll(() => {
    client = createClient(DnsService, transport());
  });

  it("lists rows", async () => {
    const { rows, count, nextPageToken } = await client.listDns({
      filters: [{ field: DnsField.QUERY_NAME, operator: Operator.IN, values: ["a.example", "b.example"] }],
      orderBy: [{ field: DnsField.QUERY_NAME }],
      count: CountMode.EXACT,
      pageSize: 1,
    });
    expect(count).toBe(2n);
    expect(rows).toMatchObject([
      {
        queryName: "a.example",
        queryType: RecordType.AAAA,
        latency: 5n,
        observation: {
          agentId: "probe-1",
          srcAddress: Uint8Array.of(192, 0, 2, 1),
          dstPort: 53,
          time: 1_700_000_000_000_000_000n,
        },
      },
    ]);
    expect(rows[0]!.rcode).toBeUndefined();
    const next = await client.listDns({
      filters: [{ field: DnsField.QUERY_NAME, operator: Operator.IN, values: ["a.example", "b.example"] }],
      orderBy: [{ field: DnsField.QUERY_NAME }],
      pageSize: 1,
      pageToken: nextPageToken,
    });
    expect(next.rows).toMatchObject([
      {
        queryName: "b.example",
        answerTtls: [1, 2],
        observation: { srcAddress: new Uint8Array(16).fill(1), truncated: true },
      },
    ]);
    expect(next.nextPageToken).toBe("");
  });

  it("gets a row", async () => {
    const { row } = await client.getDns({ id: "018f0000-0000-7000-8000-000000000002" });
    expect(row?.queryName).toBe("c.example");
    await expect(client.getDns({ id: "018f0000-0000-7000-8000-0000000000ff" })).rejects.toThrow(
      "[not_found] there is no dns row 018f0000-0000-7000-8000-0000000000ff",
    );
  });

  it("is told what it asked wrongly", async () => {
    await expect(
      client.listDns({ filters: [{ field: DnsField.TIME, operator: Operator.LIKE, values: ["x"] }] }),
    ).rejects.toThrow("[invalid_argument] filters[0]: time takes no operator like");
    await expect(
      client.listDns({ filters: [{ field: DnsField.DST_PORT, operator: Operator.EQ, values: ["-1"] }] }),
    ).rejects.toThrow('[invalid_argument] dst_port_eq: "-1" is not a whole number from 0 to 65535');
    await expect(client.listDns({ pageSize: 2000 })).rejects.toThrow("[invalid_argument] page_size: 2000 is not");
  });

  it.each([
    [Operator.EQ, 0, "query_name_eq: 0 values are given, one is expected"],
    [Operator.EQ, 2, "query_name_eq: 2 values are given, one is expected"],
    [Operator.IN, 0, "query_name_in: 0 values are given, 1 to 1000 are expected"],
    [Operator.NOT_IN, 0, "query_name_not_in: 0 values are given, 1 to 1000 are expected"],
    [Operator.IN, 1001, "query_name_in: 1001 values are given, 1 to 1000 are expected"],
  ])("gives an operator (%i) as many values as it takes, not %i", async (operator, count, message) => {
    const values = Array.from({ length: count }, (_, i) => `${i}.example`);
    const request = { filters: [{ field: DnsField.QUERY_NAME, operator, values }] };
    await expect(client.listDns(request)).rejects.toThrow(`[invalid_argument] ${message}`);
    const watching = client.watchDns(request)[Symbol.asyncIterator]();
    await expect(watching.next()).rejects.toThrow(`[invalid_argument] ${message}`);
  });

  it("learns that the collector is closing, which is not the end of what it watches", async () => {
    const other = await startFixture();
    const [connectTo] = transportsOf(() => other.collector.url).filter(([name]) => name === transportName);
    const watching = createClient(DnsService, connectTo![1]()).watchDns({})[Symbol.asyncIterator]();
    const first = watching.next();
    const timer = setInterval(() => void storeRowGroups(other.store, "probe", [dnsRowGroup([{}])]), 50);
    await first;
    clearInterval(timer);
    const ended = (async () => {
      while (!(await watching.next()).done);
    })();
    const expectation = expect(ended).rejects.toThrow(
      "[unavailable] the collector is closing; watch again in a moment",
    );
    await other.close();
    await expectation;
  });

  it("does not watch with conditions that cost too much for each row", async () => {
    const filter = { field: DnsField.QUERY_NAME, operator: Operator.LIKE, values: [`%${"a".repeat(300)}_%b%`] };
    const watching = client.watchDns({ filters: Array.from({ length: 20 }, () => filter) });
    await expect(watching[Symbol.asyncIterator]().next()).rejects.toThrow(/\[invalid_argument\] .*cost/);
  });

  it("watches rows", async () => {
    const stop = new AbortController();
    const watched: string[] = [];
    const watching = (async () => {
      const filters = [
        { field: DnsField.QUERY_NAME, operator: Operator.PREFIX, values: ["live"] },
        { field: DnsField.AGENT_ID, operator: Operator.EQ, values: ["probe-2"] },
      ];
      for await (const { rows } of client.watchDns({ filters }, { signal: stop.signal })) {
        watched.push(...rows.map((row) => `${row.queryName} ${row.observation?.agentId}`));
      }
    })();
    watching.catch(() => undefined);
    const seen = async () => {
      await storeRowGroups(fixture.store, "probe-2", [
        dnsRowGroup([{ queryName: "dead.example" }, { queryName: "live.example" }]),
      ]);
      return watched.length;
    };
    await expect.poll(seen).toBeGreaterThan(0);
    stop.abort();
    await expect(watching).rejects.toThrow();
    expect(new Set(watched)).toEqual(new Set(["live.example probe-2"]));
  });
});

describe("a plain gRPC client", () => {
  const loaderOptions = { keepCase: true, longs: String, enums: String, defaults: true };

  it("works from the generated .proto text", async () => {
    const definition = loadSync("dns/dns_service.proto", {
      ...loaderOptions,
      includeDirs: ["generated", "plugins", "proto"],
    });
    await expectRows(grpc.loadPackageDefinition(definition));
  });

  it.each(["grpc.reflection.v1", "grpc.reflection.v1alpha"])("works from %s reflection", async (packageName) => {
    const files = await reflect(packageName, "wireloom.dns.v1.DnsService");
    const set = toBinary(
      FileDescriptorSetSchema,
      create(FileDescriptorSetSchema, { file: files.map((file) => fromBinary(FileDescriptorProtoSchema, file)) }),
    );
    await expectRows(grpc.loadPackageDefinition(loadFileDescriptorSetFromBuffer(Buffer.from(set), loaderOptions)));
  });

  async function expectRows(root: grpc.GrpcObject): Promise<void> {
    const service = ["wireloom", "dns", "v1"].reduce((holder, name) => holder[name] as grpc.GrpcObject, root)
      .DnsService as grpc.ServiceClientConstructor;
    const { host, port } = fixture.collector.address;
    const client = new service(`${host}:${port}`, grpc.credentials.createInsecure());
    const request = { filters: [{ field: "DNS_FIELD_QUERY_NAME", operator: "OPERATOR_EQ", values: ["a.example"] }] };
    const listed = await new Promise<{ rows: object[] }>((resolve, reject) => {
      client.ListDns!(request, (error: grpc.ServiceError | null, response: { rows: object[] }) =>
        error ? reject(error) : resolve(response),
      );
    });
    expect(listed.rows).toMatchObject([
      { query_name: "a.example", query_type: "RECORD_TYPE_AAAA", observation: { agent_id: "probe-1" } },
    ]);
    const got = await new Promise<{ row: object }>((resolve, reject) => {
      client.GetDns!(
        { id: "018f0000-0000-7000-8000-000000000001" },
        (error: grpc.ServiceError | null, response: { row: object }) => (error ? reject(error) : resolve(response)),
      );
    });
    expect(got.row).toMatchObject({ query_name: "b.example" });
    const stream: grpc.ClientReadableStream<{ rows: { query_name: string }[] }> = client.WatchDns!({ filters: [] });
    stream.on("error", () => undefined);
    const first = new Promise<{ rows: { query_name: string }[] }>((resolve) => stream.once("data", resolve));
    const writing = setInterval(
      () => void storeRowGroups(fixture.store, "probe-3", [dnsRowGroup([{ queryName: "seen.example" }])]),
      100,
    );
    expect((await first).rows[0]).toMatchObject({ query_name: "seen.example" });
    clearInterval(writing);
    stream.cancel();
    client.close();
  }

  async function reflect(packageName: string, symbol: string): Promise<Uint8Array[]> {
    const service: DescService = reflectionService(packageName);
    const client = createClient(service, createGrpcTransport({ baseUrl: fixture.collector.url })) as unknown as {
      serverReflectionInfo(requests: AsyncIterable<object>): AsyncIterable<Message & Reflected>;
    };
    async function* requests(): AsyncIterable<object> {
      yield { messageRequest: { case: "listServices", value: "" } };
      yield { messageRequest: { case: "fileContainingSymbol", value: symbol } };
      yield { messageRequest: { case: "fileContainingSymbol", value: "no.Such" } };
    }
    const answers: Reflected[] = [];
    for await (const response of client.serverReflectionInfo(requests())) answers.push(response);
    expect(answers.map((response) => response.messageResponse.case)).toEqual([
      "listServicesResponse",
      "fileDescriptorResponse",
      "errorResponse",
    ]);
    expect(answers[0]!.messageResponse.value.service?.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "wireloom.v1.IngestService",
        "wireloom.dns.v1.DnsService",
        "wireloom.ntp.v1.NtpService",
        "grpc.reflection.v1.ServerReflection",
      ]),
    );
    return answers[1]!.messageResponse.value.fileDescriptorProto!;
  }
});

interface Reflected {
  readonly messageResponse: {
    readonly case: string;
    readonly value: {
      readonly service?: readonly { readonly name: string }[];
      readonly fileDescriptorProto?: Uint8Array[];
    };
  };
}

describe("many watchers that come and go", () => {
  it("leave nothing behind", async () => {
    const client = createClient(DnsService, createGrpcTransport({ baseUrl: fixture.collector.url }));
    for (let i = 0; i < 20; i++) {
      const stop = new AbortController();
      const watching = (async () => {
        for await (const _ of client.watchDns({}, { signal: stop.signal })) stop.abort();
      })().catch(() => undefined);
      setTimeout(() => stop.abort(), randomBytes(1)[0]! / 10);
      await watching;
    }
    expect(fixture.logged).toEqual([]);
  });

  it("leave nothing in the log when they are cut off with rows on their way", async () => {
    const question = Buffer.from([0, 0, 0, 0, 0]);
    for (let i = 0; i < 5; i++) {
      const session = connect(fixture.collector.url);
      session.on("error", () => undefined);
      const streams = Array.from({ length: 40 }, () => {
        const path = `/${DnsService.typeName}/WatchDns`;
        const headers = { ":method": "POST", ":path": path, "content-type": "application/connect+proto" };
        const stream = session.request(headers);
        stream.on("error", () => undefined);
        stream.end(question);
        return stream;
      });
      const rows = Array.from({ length: 2000 }, (_, n) => ({ queryName: `${n}.example` }));
      // Until all have as many rows as the collector may send before the first of them is read, and more wait.
      while (streams.some((stream) => stream.readableLength < 16_000))
        await storeRowGroups(fixture.store, `cut-${i}`, [dnsRowGroup(rows)]);
      session.destroy();
      await new Promise((resolve) => session.once("close", resolve));
    }
    expect(fixture.logged).toEqual([]);
  });
});
