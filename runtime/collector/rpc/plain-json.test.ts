import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Rcode } from "../../../generated/dns/dns_pb.js";
import { DnsField, DnsService } from "../../../generated/dns/dns_service_pb.js";
import { Operator } from "../../../generated/wireloom/v1/operator_pb.js";
import { type CollectorFixture, dnsRowGroup, startFixture, storeRowGroups } from "../testing/collector.js";

let fixture: CollectorFixture;

beforeAll(async () => {
  fixture = await startFixture();
  await storeRowGroups(fixture.store, "probe-1", [
    dnsRowGroup([
      {
        queryName: "A.example",
        rcode: Rcode.NXDOMAIN,
        latency: 466_000n,
        observation: { srcAddress: Uint8Array.of(192, 0, 2, 1), dstPort: 53 },
      },
      { queryName: "b.example" },
      { queryName: "c.example" },
    ]),
  ]);
});

afterAll(() => fixture.close());

interface Answer {
  readonly rows: readonly Record<string, unknown>[];
  readonly row: Record<string, unknown>;
  readonly nextPageToken: string;
  readonly count: number;
  readonly code: string;
  readonly message: string;
}

async function call(
  method: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; answer: Answer }> {
  const response = await fetch(`${fixture.collector.url}/wireloom.dns.v1.DnsService/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, answer: (await response.json()) as Answer };
}

describe("a method that is called with plain JSON", () => {
  it("answers rows as REST does", async () => {
    const { answer } = await call("ListDns", {});
    const rest = (await (await fetch(`${fixture.collector.url}/v1/dns`)).json()) as { data: unknown };
    expect(answer.rows).toEqual(rest.data);
    expect(answer.rows[2]).toMatchObject({
      id: "018f0000-0000-7000-8000-000000000000",
      time: "2023-11-14T22:13:20.000000000Z",
      src_address: "192.0.2.1",
      latency: "0.000466s",
      rcode: "NXDOMAIN",
    });
  });

  it.each([
    { filters: [{ field: "query_name", operator: "eq", values: ["a.example"] }] },
    { filters: [{ field: "QUERY_NAME", operator: "EQ", values: ["a.example"] }] },
    { filters: [{ field: "DNS_FIELD_QUERY_NAME", operator: "OPERATOR_EQ", values: ["a.example"] }] },
    { filters: [{ field: DnsField.QUERY_NAME, operator: Operator.EQ, values: ["a.example"] }] },
    { filters: [{ field: "dst_port", operator: "gte", values: [53] }] },
    { filters: [{ field: "rcode", values: "nxdomain" }], page_size: 5, count: "exact" },
    { filters: [{ field: "rcode", operator: "in", values: ["NXDOMAIN"] }], pageSize: 5, count: "COUNT_MODE_EXACT" },
  ])("takes %j", async (request) => {
    const { status, answer } = await call("ListDns", request);
    expect([status, answer.rows.map((row) => row["query_name"])]).toEqual([200, ["A.example"]]);
    if ("count" in request) expect(answer.count).toBe(1);
  });

  it("goes through pages", async () => {
    const found: unknown[] = [];
    let pageToken = "";
    do {
      const filters = [{ field: "time", operator: "lt", values: ["now"] }];
      const { answer } = await call("ListDns", { filters, orderBy: [{ field: "query_name" }], pageSize: 1, pageToken });
      found.push(...answer.rows.map((row) => row["query_name"]));
      pageToken = answer.nextPageToken;
    } while (pageToken !== "");
    expect(found).toEqual(["A.example", "b.example", "c.example"]);
  });

  it("gets a row", async () => {
    const { answer } = await call("GetDns", { id: "018f0000-0000-7000-8000-000000000001" });
    expect(answer.row).toMatchObject({ query_name: "b.example" });
    const { status, answer: none } = await call("GetDns", { id: "018f0000-0000-7000-8000-0000000000ff" });
    expect([status, none.code]).toEqual([404, "not_found"]);
  });

  it.each<[unknown, string]>([
    [{ filter: [] }, 'the request has no member "filter"; the nearest is "filters"'],
    [{ filters: [{ fild: "time" }] }, 'filters[0] has no member "fild"; the nearest is "field"'],
    [
      { filters: [{ field: "query_nam", values: ["a"] }] },
      'filters[0].field: dns has no field "query_nam"; the nearest is "query_name"',
    ],
    [
      { filters: [{ field: "time", operator: "gtee" }] },
      'filters[0].operator: there is no "gtee"; the nearest is "gte"',
    ],
    [{ filters: [{ field: "dst_port", values: ["x"] }] }, 'dst_port_eq: "x" is not a whole number from 0 to 65535'],
    [
      { filters: {} },
      'filters is not a list such as [{"field":"query_name","operator":"eq","values":["example.com"]}]',
    ],
    [{ orderBy: "latency desc" }, 'order_by is not a list such as [{"field":"time","descending":true}]'],
    [{ orderBy: ["latency"] }, 'order_by[0] is not an object such as {"field":"time","descending":true}'],
    [{ page_size: 1, pageSize: 2 }, "the request: page_size is given twice"],
    [{ filters: [{ field: "rcode", operator: "in" }] }, "rcode_in: 0 values are given, 1 to 1000 are expected"],
    [{ pageSize: 2000 }, "page_size: 2000 is not a whole number from 1 to 1000"],
    ["[]", "the request is not an object"],
    ["{", "the request is not JSON:"],
  ])("refuses %j", async (request, message) => {
    const { status, answer } = await call("ListDns", request);
    expect([status, answer.code]).toEqual([400, "invalid_argument"]);
    expect(answer.message).toContain(message);
  });

  it("refuses a large request", async () => {
    const { status, answer } = await call("ListDns", { page_token: "a".repeat(70_000) });
    expect([status, answer.code]).toEqual([429, "resource_exhausted"]);
  });

  it("answers any JSON with 200 or 400", async () => {
    const member = fc.constantFrom(
      "filters",
      "field",
      "operator",
      "values",
      "pageSize",
      "page_token",
      "count",
      "order_by",
    );
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: "small" },
        fc.jsonValue(),
        fc.constantFrom("query_name", "eq", "in", 1, -1, 2 ** 40),
        fc.array(tie("json"), { maxLength: 2 }),
        fc.dictionary(member, tie("json"), { maxKeys: 4 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(json, async (request) => {
        expect([200, 400]).toContain((await call("ListDns", request)).status);
      }),
      { numRuns: 200 },
    );
    expect(fixture.logged).toEqual([]);
  });
});

describe("a generated client with JSON", () => {
  it("decodes what the schema says", async () => {
    const transport = createConnectTransport({
      baseUrl: fixture.collector.url,
      httpVersion: "1.1",
      useBinaryFormat: false,
    });
    const { rows } = await createClient(DnsService, transport).listDns({
      filters: [{ field: DnsField.QUERY_NAME, operator: Operator.EQ, values: ["a.example"] }],
    });
    expect(rows).toMatchObject([{ latency: 466_000n, observation: { srcAddress: Uint8Array.of(192, 0, 2, 1) } }]);
  });

  it("is told of a name that the schema does not have", async () => {
    const protocol = { "connect-protocol-version": "1" };
    const { status, answer } = await call("ListDns", { filter: [] }, protocol);
    expect([status, answer.code]).toEqual([400, "invalid_argument"]);
    expect(answer.message).toContain('"filter"');
  });
});
