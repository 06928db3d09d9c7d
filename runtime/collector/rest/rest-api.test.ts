import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Rcode, RecordType, State } from "../../../generated/dns/dns_pb.js";
import { type CollectorFixture, dnsSegment, startFixture, storeSegments } from "../collector-fixture.js";

let fixture: CollectorFixture;
let url: string;

const names = ["www.example.com", "mail.example.com", "example.org", "a_b.example.net", "100%.example.net", undefined];

beforeAll(async () => {
  fixture = await startFixture();
  url = fixture.collector.url;
  await storeSegments(fixture.store, "probe-1", [
    dnsSegment(
      names.map((queryName, i) => ({
        ...(queryName === undefined
          ? {}
          : { queryName, queryType: RecordType.A, rcode: i === 2 ? Rcode.NXDOMAIN : Rcode.NOERROR }),
        state: i === 2 ? State.UNANSWERED : State.COMPLETE,
        latency: BigInt(i) * 1_500_000n,
        answerNames: i === 0 ? ["www.example.com", 'web, "one"'] : [],
        observation: {
          srcAddress:
            i < 3
              ? Uint8Array.of(10, 0, 0, i)
              : Uint8Array.from({ length: 16 }, (_, at) => (at === 0 ? 0x20 : at === 1 ? 1 : i)),
          dstPort: 53,
          transport: 17,
          communityId: "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
        },
      })),
    ),
  ]);
});

afterAll(() => fixture.close());

/** What the answers of these tests hold, each some of it. */
interface Body {
  readonly data: readonly Record<string, unknown>[];
  readonly next_page_token: string;
  readonly count?: number;
  readonly count_is_capped?: boolean;
  readonly error: { readonly code: string; readonly message: string };
  readonly resources: Record<string, unknown>;
  readonly id: string;
  readonly query_name: string | null;
}

async function get(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Body; headers: Headers }> {
  const response = await fetch(url + path, { headers });
  return { status: response.status, body: (await response.json()) as Body, headers: response.headers };
}

async function namesOf(parameters: string): Promise<unknown[]> {
  const { status, body } = await get(`/v1/dns?order_by=time&${parameters}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body.data.map((row) => row.query_name);
}

async function failureOf(path: string): Promise<[number, string, string]> {
  const { status, body } = await get(path);
  return [status, body.error.code, body.error.message];
}

describe("a list", () => {
  it("has every column of a row, newest first", async () => {
    const { body } = await get("/v1/dns");
    expect(body.data).toHaveLength(6);
    expect(body.next_page_token).toBe("");
    expect(body.data[5]).toEqual({
      ...body.data[5],
      id: "018f0000-0000-7000-8000-000000000000",
      time: "2023-11-14T22:13:20.000000000Z",
      agent_id: "probe-1",
      src_address: "10.0.0.0",
      dst_address: null,
      dst_port: 53,
      transport: "UDP",
      frame_number: 0,
      truncated: false,
      state: "COMPLETE",
      latency: "0s",
      rcode: "NOERROR",
      query_name: "www.example.com",
      query_type: "A",
      recursion_desired: null,
      answer_names: ["www.example.com", 'web, "one"'],
      answer_ttls: [],
    });
    expect(body.data[0]).toMatchObject({
      query_name: null,
      latency: "0.007500s",
      src_address: "2001:505:505:505:505:505:505:505",
    });
    const dns = fixture.store.events.find(({ table }) => table.resource === "dns")!;
    expect(Object.keys(body.data[0]!)).toEqual(dns.table.columns.map((column) => column.name));
  });

  it.each([
    ["query_name_eq=example.org", ["example.org"]],
    ["query_name_ne=example.org", names.filter((name) => name !== undefined && name !== "example.org")],
    ["query_name_neq=example.org", names.filter((name) => name !== undefined && name !== "example.org")],
    ["query_name_in=example.org,www.example.com", ["www.example.com", "example.org"]],
    ["query_name_in=%22example.org%22,%20%22www.example.com%22", ["www.example.com", "example.org"]],
    ["query_name_eq=EXAMPLE.org.", ["example.org"]],
    ["query_name_in=EXAMPLE.org.,WWW.example.com", ["www.example.com", "example.org"]],
    ["query_name_ne=Example.ORG.", names.filter((name) => name !== undefined && name !== "example.org")],
    ["query_name_prefix=MAIL.", ["mail.example.com"]],
    ["query_name_like=%25.EXAMPLE.COM.", ["www.example.com", "mail.example.com"]],
    ["answer_names_has=WWW.example.com.", ["www.example.com"]],
    ["query_name_not_in=example.org,www.example.com", ["mail.example.com", "a_b.example.net", "100%.example.net"]],
    ["query_name_not_contains=EXAMPLE.", []],
    ["query_name_not_like=%25example.net", ["www.example.com", "mail.example.com", "example.org"]],
    ["src_address_not_cidr=2001::/16", ["www.example.com", "mail.example.com", "example.org"]],
    ["latency_gte=0.0045&latency_lt=0.006", ["a_b.example.net"]],
    ["time_lt=2023-11-14%2022:13:21", ["www.example.com"]],
    ["time_lt=1700000001", ["www.example.com"]],
    ["time_lt=1700000000999", ["www.example.com"]],
    ["time_gte=now-10m", []],
    ["time_lt=today&time_gte=2023-11-14&time_lt=1700000001.5&time_gt=1700000000.5", ["mail.example.com"]],
    ["query_name_contains=EXAMPLE.C", ["www.example.com", "mail.example.com"]],
    ["query_name_prefix=mail.", ["mail.example.com"]],
    ["query_name_like=%25.example.com", ["www.example.com", "mail.example.com"]],
    ["query_name_like=a%5C_b%25", ["a_b.example.net"]],
    ["query_name_like=100%5C%25%25", ["100%.example.net"]],
    ["query_name_is_null=true", [null]],
    ["rcode_eq=nxdomain", ["example.org"]],
    ["rcode_eq=3", ["example.org"]],
    ["state_ne=COMPLETE", ["example.org"]],
    ["latency_gte=4500us&latency_lt=0.006s", ["a_b.example.net"]],
    ["time_lt=2023-11-14T22:13:21Z", ["www.example.com"]],
    ["time_lt=2023-11-14T23:13:21%2B01:00", ["www.example.com"]],
    ["src_address_eq=10.0.0.2", ["example.org"]],
    ["src_address_cidr=10.0.0.0/31", ["www.example.com", "mail.example.com"]],
    ["src_address_cidr=2001::/16", ["a_b.example.net", "100%.example.net", null]],
    ["src_address_cidr=::/0", ["a_b.example.net", "100%.example.net", null]],
    ["answer_names_has=www.example.com", ["www.example.com"]],
    ["query_name_contains=example&query_name_contains=mail", ["mail.example.com"]],
    ["agent_id_eq=probe-2", []],
  ])("filters by %s", async (parameters, expected) => {
    expect(await namesOf(parameters)).toEqual(expected);
  });

  it.each([
    "time desc",
    "Time DESC",
    "query_name",
    "query_name desc,time",
    "rcode,state desc",
    "latency desc",
    "src_address",
  ])("goes through all pages ordered by %s", async (orderBy) => {
    const query = `/v1/dns?fields=query_name&order_by=${encodeURIComponent(orderBy)}`;
    const whole = (await get(query)).body.data;
    const pages: unknown[] = [];
    let token = "";
    do {
      const { body } = await get(`${query}&page_size=2&page_token=${token}`);
      pages.push(...body.data);
      token = body.next_page_token;
    } while (token !== "");
    expect(pages).toEqual(whole);
    expect(whole).toHaveLength(6);
  });

  it("answers the chosen fields in the order asked for", async () => {
    const { body } = await get("/v1/dns?fields=rcode,%20time&query_name_eq=example.org");
    expect(JSON.stringify(body.data)).toBe('[{"rcode":"NXDOMAIN","time":"2023-11-14T22:13:22.000000000Z"}]');
  });

  it.each([
    ["none", undefined, undefined],
    ["capped", 5, false],
    ["exact", 5, false],
  ])("counts with count=%s", async (mode, count, isCapped) => {
    const { body } = await get(`/v1/dns?count=${mode}&query_name_is_null=false&page_size=1`);
    expect(body.count).toBe(count);
    expect(body.count_is_capped).toBe(isCapped);
  });

  it("is bound by its path", async () => {
    expect((await get("/v1/agents/probe-1/dns?query_name_eq=example.org")).body.data).toHaveLength(1);
    expect((await get("/v1/agents/probe-1/dns?query_name_eq=nowhere")).body.data).toHaveLength(0);
    const nobody = [404, "not_found", 'there is no agent "probe-2"; GET /v1/agents lists them'];
    expect(await failureOf("/v1/agents/probe-2/dns")).toEqual(nobody);
    const lines = await get("/v1/agents/probe-2/dns", { accept: "application/x-ndjson" });
    expect(lines.status).toBe(404);
    const community = encodeURIComponent("1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
    expect((await get(`/v1/conversations/${community}/dns`)).body.data).toHaveLength(6);
    expect((await get("/v1/conversations/1:LQU9qZlK+B5F3KDmev6m5PMibrg=/dns")).body.data).toHaveLength(6);
    const other = encodeURIComponent("1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
    expect((await get(`/v1/conversations/${other}/dns`)).body.data).toEqual([]);
  });

  it("refuses a path of a conversation that cannot be one, but not a filter", async () => {
    for (const accept of ["application/json", "text/csv"]) {
      const { status, body } = await get("/v1/conversations/xx/dns", { accept });
      expect([status, body.error.code]).toEqual([400, "invalid_argument"]);
      expect(body.error.message).toMatch(/^community_id: "xx" is not a Community ID, such as 1:/);
    }
    expect((await get("/v1/dns?community_id_eq=xx")).body.data).toEqual([]);
    const [status, , message] = await failureOf("/v1/conversations/1:d/FP5EW3wiY1vCndhwleRRKHowQ=/dns");
    expect(status).toBe(404);
    expect(message).toMatch(/; the nearest is "\/v1\/conversations\/1%3Ad%2FFP5EW3wiY1vCndhwleRRKHowQ%3D\/dns"$/);
  });

  it.each([
    ["/v1/dns?query_nam_eq=x", 'dns has no parameter "query_nam_eq"; the nearest is "query_name_eq"'],
    ["/v1/dns?pagesize=5", 'dns has no parameter "pagesize"; the nearest is "page_size"'],
    [
      "/v1/dns?time_gte=soon",
      'time_gte: "soon" is not a time up to 2262-04-11T23:47:16Z, such as 2026-01-31T12:00:00Z, 2026-01-31, 1769860800 (seconds since the epoch), now-15m or today',
    ],
    [
      "/v1/dns?latency_gt=fast",
      'latency_gt: "fast" is not a duration such as 1.5s, 20ms, 300us, 40ns or 1h30m; a number alone is seconds',
    ],
    ["/v1/dns?dst_port_eq=70000", 'dst_port_eq: "70000" is not a whole number from 0 to 65535'],
    ["/v1/ntp?leap_eq=NEVER", 'leap_eq: "NEVER" is not a number or one of NONE, INSERT, DELETE, UNSYNCHRONIZED'],
    [
      "/v1/dns?src_address_cidr=10.0.0.0/33",
      'src_address_cidr: "10.0.0.0/33" is not a network such as 10.0.0.0/8 or 2001:db8::/32',
    ],
    ["/v1/dns?query_name_like=%5C", 'query_name_like: "\\\\" ends in a lone \\; write \\\\ for the character itself'],
    [
      "/v1/dns?src_address_cidr=10.0.0.1/8",
      'src_address_cidr: "10.0.0.1/8" has bits beyond its prefix; did you mean 10.0.0.0/8? an address alone is one without a prefix',
    ],
    [
      "/v1/dns?rcode_eq=NXDOMAIN&rcode_eq=SERVFAIL",
      "rcode_eq=NXDOMAIN and rcode_eq=SERVFAIL never hold together; for rows with one of the values give rcode_in=NXDOMAIN,SERVFAIL",
    ],
    [
      "/v1/agents/probe-1/dns?agent_id_eq=probe-2",
      "agent_id_eq=probe-1 and agent_id_eq=probe-2 never hold together; for rows with one of the values give agent_id_in=probe-1,probe-2",
    ],
    [
      "/v1/dns?query_name_in=%22a,b",
      'query_name_in: "\\"a,b" has a quoted value that does not end before a comma; write "a,b" for one value with a comma, "" inside it for a quote, and """a" for a value that begins with one',
    ],
    ["/v1/dns?csv_safe=true", "csv_safe: application/json has no cells; ask for text/csv with Accept"],
    ["/v1/dns?page_size=0", 'page_size: "0" is not a whole number from 1 to 1000'],
    ["/v1/dns?page_size=1001", 'page_size: "1001" is not a whole number from 1 to 1000'],
    ["/v1/dns?page_size=x", 'page_size: "x" is not a whole number from 1 to 1000'],
    ["/v1/dns?order_by=tim", 'order_by: rows cannot be ordered by "tim"; the nearest is "time"'],
    [
      "/v1/dns?order_by=time%20down",
      'order_by: "time down" is not a column with asc or desc after it, such as "time desc"',
    ],
    ["/v1/dns?fields=time,query_nam", 'fields: dns has no field "query_nam"; the nearest is "query_name"'],
    ["/v1/dns?count=all", 'count: "all" is not none, capped or exact'],
    ["/v1/dns?count=none&count=exact", "count: the parameter is given twice"],
    [
      "/v1/dns?page_token=abc",
      "page_token: the token is damaged; give the next_page_token of the page before as it was",
    ],
    ["/v1/dns/42", 'id: "42" is not a UUID'],
    ["/v1/dns?query_name_eq=%ff", 'the query has "%ff", which is not UTF-8'],
    ["/v1/dns?query_name_eq=a%C3%28", 'the query has "%C3%28", which is not UTF-8'],
    ["/v1/agents/%ff?state_eq=%80", 'the query has "%80", which is not UTF-8'],
    ["/v1/agents?state_eq=%80", 'the query has "%80", which is not UTF-8'],
  ])("refuses %s", async (path, message) => {
    const [status, , said] = await failureOf(path);
    expect([status, said]).toEqual([400, message]);
  });

  it.each([
    ["limit=5", 'limit: application/json is paged; use "page_size"'],
    ["per_page=5", 'use "page_size", or "limit" for NDJSON and CSV'],
    ["offset=5", 'pages are walked by "page_token"'],
    ["sort=time", 'use "order_by"'],
    ["select=time", 'use "fields"'],
    [
      "q=x",
      "a filter is a field with an operator, such as query_name_eq=value or query_name_contains=text; the fields are state, latency, rcode, query_name",
    ],
    ["search=x", "the fields are state, latency, rcode, query_name"],
    ["filter=x", "the fields are state, latency, rcode, query_name"],
    ["or=(a.eq.1)", "all filters must hold; one of several values is query_name_in=a,b"],
    ["since=1h", 'use "time_gte", such as time_gte=now-15m'],
    ["until=1h", 'use "time_lt"'],
    ["format=csv", "the Accept header chooses application/json, application/x-ndjson or text/csv"],
    ["name_eq=x", 'the nearest is "query_name_eq"'],
    ["query_name=x", "filters of query_name are query_name_eq, query_name_ne,"],
    ["dns.qry.name=x", "filters of query_name are query_name_eq,"],
    ["query_name__icontains=x", 'the nearest is "query_name_contains"'],
    ["query_name[gt]=x", 'the nearest is "query_name_gt"'],
    ["time_min=x", 'the nearest is "time_gte"'],
    ["answer_types_not_has=A", '"has" has no opposite; filters of answer_types are answer_types_has'],
    ["answer_types_has_not=A", '"has" has no opposite; filters of answer_types are answer_types_has'],
    ["query_name_not_startswith=x", 'the nearest is "query_name_not_prefix"'],
    ["latency_not_lt=1s", 'the nearest is "latency_gte"'],
    ["latency_is_not_null=true", 'the nearest is "latency_is_null=false"'],
    ["latency_isnotnull=true", 'the nearest is "latency_is_null=false"'],
    ["latency_not_null=true", 'the nearest is "latency_is_null=false"'],
    ["time_contains=x", "filters of time are time_eq, time_ne, time_lt, time_lte, time_gt, time_gte"],
    ["src_ip=x", 'the nearest is "src_address_eq"'],
    ["client_ip_in=x", 'the nearest is "src_address_in"'],
    ["dport_gte=x", 'the nearest is "dst_port_gte"'],
    ["ORDER_BY=time", 'the nearest is "order_by"'],
    ["query_nam_contains=x", 'the nearest is "query_name_contains"'],
    [
      "zzzzzzzzzzzz=x",
      "there are order_by, page_size, page_token, limit, fields, count, csv_safe, and filters of state, latency, rcode, query_name",
    ],
  ])("proposes what to write for %s", async (parameters, message) => {
    const [status, , said] = await failureOf(`/v1/dns?${parameters}`);
    expect(status).toBe(400);
    expect(said).toContain(message);
  });

  it("proposes the nearest name of a value", async () => {
    const [, , message] = await failureOf("/v1/dns?rcode_eq=NXDOMIAN");
    expect(message).toMatch(/; the nearest is "NXDOMAIN"$/);
  });

  it("keeps the time of now over all pages", async () => {
    const query = "/v1/dns?fields=id&time_lt=now-1s&time_gte=now-100000d&page_size=2";
    const found: unknown[] = [];
    let token = "";
    do {
      const { status, body } = await get(`${query}&page_token=${token}`);
      expect(status).toBe(200);
      found.push(...body.data.map((row) => row.id));
      token = body.next_page_token;
      await new Promise((resolve) => setTimeout(resolve, 2));
    } while (token !== "");
    expect([found.length, new Set(found).size]).toEqual([6, 6]);
  });

  it("answers any text of any parameter with 200 or 400", async () => {
    const dns = fixture.store.events.find(({ table }) => table.resource === "dns")!;
    const name = fc.oneof(
      fc.constantFrom(
        ...dns.query.filters.keys(),
        "order_by",
        "page_size",
        "page_token",
        "limit",
        "fields",
        "count",
        "csv_safe",
        ...["constructor", "__proto__", "toString", "hasOwnProperty_eq", "query_valueOf", "constructor_constructor"],
      ),
      fc.string(),
    );
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("now-1h", "10.0.0.1/8", '"', "\\", "%", "a".repeat(2000), "\0", "\ud800", "-1", "1e400", "∞"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 3 }), async (pairs) => {
        const { status } = await get(`/v1/dns?${new URLSearchParams(pairs)}`);
        expect([200, 400]).toContain(status);
      }),
      { numRuns: 300 },
    );
    expect(fixture.logged).toEqual([]);
  });

  it("refuses the token of another query", async () => {
    const { body } = await get("/v1/dns?page_size=1&dst_port_eq=53");
    expect(await failureOf(`/v1/dns?page_size=1&page_token=${body.next_page_token}`)).toEqual([
      400,
      "invalid_argument",
      "page_token: the token belongs to other filters or another order; repeat those of the page before, or start without a token",
    ]);
  });

  it("refuses a token with null for a column that always has a value", async () => {
    const { body } = await get("/v1/dns?page_size=1");
    const [digest, time, id] = JSON.parse(Buffer.from(body.next_page_token, "base64url").toString("utf8"));
    for (const parts of [
      [digest, null, id],
      [digest, time, null],
      [digest, null, null],
    ]) {
      const token = Buffer.from(JSON.stringify(parts)).toString("base64url");
      expect((await failureOf(`/v1/dns?page_size=1&page_token=${token}`)).slice(0, 2)).toEqual([
        400,
        "invalid_argument",
      ]);
    }
  });

  it("treats values as values", async () => {
    expect(await namesOf(`query_name_eq=${encodeURIComponent("' OR 1=1 --")}`)).toEqual([]);
    expect(fixture.logged).toEqual([]);
  });
});

describe("a row", () => {
  it("is found by its id", async () => {
    const { body } = await get("/v1/dns/018F0000-0000-7000-8000-000000000002");
    expect(body.query_name).toBe("example.org");
  });

  it("is not found by another id", async () => {
    expect(await failureOf("/v1/dns/018f0000-0000-7000-8000-0000000000ff")).toEqual([
      404,
      "not_found",
      "there is no dns row 018f0000-0000-7000-8000-0000000000ff",
    ]);
  });
});

describe("parameters", () => {
  const row = "/v1/dns/018f0000-0000-7000-8000-000000000002";

  it.each([
    ["/v1?x=1", '"/v1" has no parameter "x"; it takes none'],
    ["/openapi.json?pretty=1", '"/openapi.json" has no parameter "pretty"; it takes none'],
    ["/v1/agents?state_qe=gone", '"/v1/agents" has no parameter "state_qe"; the nearest is "state_eq"'],
    ["/v1/agents?limit=5", '"/v1/agents" has no parameter "limit"; there are state_eq, state_in'],
    ["/v1/agents?state_eq=lost", 'state_eq: "lost" is not one of connected, ended, gone'],
    ["/v1/agents?state_in=gone,lost", 'state_in: "lost" is not one of connected, ended, gone'],
    ["/v1/agents?state_eq=gone&state_eq=gone", "state_eq: the parameter is given twice"],
    ["/v1/agents/probe-1?state_eq=gone", '"/v1/agents/probe-1" has no parameter "state_eq"; it takes none'],
    [`${row}?field=id`, `"${row}" has no parameter "field"; the nearest is "fields"`],
    [`${row}?query_name_eq=x`, `"${row}" has no parameter "query_name_eq"; there are fields`],
    [`${row}?fields=query_nam`, 'fields: dns has no field "query_nam"; the nearest is "query_name"'],
  ])("of %s are refused", async (path, message) => {
    const { status, body } = await get(path);
    expect([status, body.error.message]).toEqual([400, message]);
  });

  it.each(["/?_=1", "/healthz?cb=17"])("of %s are ignored", async (path) => {
    expect((await get(path)).status).toBe(200);
  });

  it("choose the fields of a row", async () => {
    const response = await fetch(`${url}${row}?fields=rcode,time`);
    expect(await response.text()).toBe('{"rcode":"NXDOMAIN","time":"2023-11-14T22:13:22.000000000Z"}\n');
  });

  it("choose agents by their state", async () => {
    const session = await fixture.store.openSession({
      ...{ agentId: "here", sessionId: new Uint8Array(16).fill(7), hostname: "", version: "", labels: {} },
    });
    await session.append({ sequence: 1n, segments: [], counters: new Map() });
    const agents = async (parameters: string): Promise<unknown[]> =>
      (await get(`/v1/agents?${parameters}`)).body.data.map(({ id }) => id).filter((id) => id !== "formulas");
    expect(await agents("state_eq=connected")).toEqual(["here"]);
    expect(await agents("state_eq=GONE")).toEqual(["probe-1"]);
    expect(await agents("state_eq=ended")).toEqual([]);
    expect(await agents("state_in=ended,connected")).toEqual(["here"]);
    expect(await agents("state_in=gone,connected&state_eq=gone")).toEqual(["probe-1"]);
    session.close();
  });
});

describe("an export", () => {
  it("is lines of the same JSON as the list's rows", async () => {
    const list = await (await fetch(`${url}/v1/dns`)).text();
    const lines = await (await fetch(`${url}/v1/dns`, { headers: { accept: "application/x-ndjson" } })).text();
    expect(`{"data":[${lines.trimEnd().split("\n").join(",")}],"next_page_token":""}\n`).toBe(list);
  });

  it("is CSV with a header", async () => {
    const response = await fetch(
      `${url}/v1/dns?fields=time,query_name,answer_names,rcode&order_by=time&time_lt=2023-11-14T22:13:22Z`,
      {
        headers: { accept: "text/csv" },
      },
    );
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(await response.text()).toBe(
      "time,query_name,answer_names,rcode\r\n" +
        '2023-11-14T22:13:20.000000000Z,www.example.com,"www.example.com ""web, \\""one\\""""",NOERROR\r\n' +
        "2023-11-14T22:13:21.000000000Z,mail.example.com,,NOERROR\r\n",
    );
  });

  it("leaves nothing behind when it is refused, or only its head is asked for", async () => {
    for (let i = 0; i < 40; i++) {
      const headers = { accept: "text/csv" };
      expect((await fetch(`${url}/v1/dns?order_by=time,time`, { headers })).status).toBe(400);
      const head = await fetch(`${url}/v1/dns`, { method: "HEAD", headers });
      expect([head.status, head.headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8; header=present"]);
    }
    expect((await fetch(`${url}/v1/dns`, { headers: { accept: "text/csv" } })).status).toBe(200);
  });

  it("neutralises what a spreadsheet takes for a formula, where that is asked for", async () => {
    await storeSegments(fixture.store, "formulas", [
      dnsSegment([
        {
          queryName: "=cmd|' /C calc'!A0",
          answerData: ["-1"],
          latency: 5n,
          observation: { id: new Uint8Array(16).fill(9), time: 1n },
        },
      ]),
    ]);
    const lines = async (parameters: string): Promise<string | undefined> => {
      const path = `/v1/agents/formulas/dns?fields=query_name,answer_data,latency,transaction_id${parameters}`;
      return (await (await fetch(url + path, { headers: { accept: "text/csv" } })).text()).split("\r\n")[1];
    };
    expect(await lines("")).toBe("=cmd|' /C calc'!A0,-1,0.000000005s,0");
    expect(await lines("&csv_safe=true")).toBe("'=cmd|' /C calc'!A0,'-1,0.000000005s,0");
  });

  it.each(["application/x-ndjson", "text/csv"])("of %s has at most the rows of its limit", async (accept) => {
    const rows = async (parameters: string): Promise<number> => {
      const response = await fetch(`${url}/v1/agents/probe-1/dns?fields=id&${parameters}`, { headers: { accept } });
      expect(response.status).toBe(200);
      const text = await response.text();
      return text.split("\n").length - (accept === "text/csv" ? 2 : 1);
    };
    expect(await rows("limit=1")).toBe(1);
    expect(await rows("limit=6")).toBe(6);
    expect(await rows("limit=7")).toBe(6);
    expect(await rows("limit=9007199254740991&order_by=query_name")).toBe(6);
  });

  it.each([
    ["page_size=2", 'page_size: text/csv is not paged; use "limit" for the first rows'],
    ["page_token=x", 'page_token: text/csv is not paged; leave it out, and use "limit" for the first rows'],
    ["count=exact", "count: text/csv has no count; ask for application/json with Accept"],
    ["limit=0", 'limit: "0" is not a whole number from 1 to 9007199254740991'],
    ["limit=9007199254740992", 'limit: "9007199254740992" is not a whole number from 1 to 9007199254740991'],
    ["limit=1.5", 'limit: "1.5" is not a whole number from 1 to 9007199254740991'],
  ])("does not take %s", async (parameter, message) => {
    const headers = { accept: "text/csv" };
    const { status, body } = await get(`/v1/dns?${parameter}`, headers);
    expect([status, body.error.message]).toEqual([400, message]);
    expect((await fetch(`${url}/v1/dns?${parameter}`, { method: "HEAD", headers })).status).toBe(400);
  });
});

describe("an answer that is asked for compressed", () => {
  /** The bytes as they are on the wire, which fetch would decompress. */
  function rawGet(
    path: string,
    headers: Record<string, string>,
  ): Promise<{ headers: IncomingHttpHeaders; bytes: Buffer }> {
    return new Promise((resolve, reject) => {
      httpRequest(`${url}${path}`, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve({ headers: response.headers, bytes: Buffer.concat(chunks) }));
        response.on("error", reject);
      }).end();
    });
  }

  it.each([
    ["gzip", "gzip", gunzipSync],
    ["deflate, gzip, br", "br", brotliDecompressSync],
    ["br;q=0.1, gzip;q=0.9", "gzip", gunzipSync],
    ["*", "br", brotliDecompressSync],
  ])("has for %s %s", async (accepted, encoding, decompress) => {
    for (const accept of ["application/json", "application/x-ndjson", "text/csv"]) {
      const plain = await rawGet("/v1/dns", { accept });
      const packed = await rawGet("/v1/dns", { accept, "accept-encoding": accepted });
      expect(packed.headers["content-encoding"]).toBe(encoding);
      expect(packed.headers.vary).toMatch(/accept-encoding/i);
      expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 2);
      expect(decompress(packed.bytes).toString()).toBe(plain.bytes.toString());
    }
  });

  it.each(["identity", "gzip;q=0", "zstd", "identity;q=1, gzip;q=0.5"])("is plain for %s", async (accepted) => {
    const { headers } = await rawGet("/v1/dns", { "accept-encoding": accepted });
    expect(headers["content-encoding"]).toBeUndefined();
  });

  it("is plain where it is short, and of /healthz", async () => {
    for (const path of ["/healthz", "/v1/dns?page_size=1&fields=id", "/v1/nothing"]) {
      const { headers } = await rawGet(path, { "accept-encoding": "gzip" });
      expect(headers["content-encoding"]).toBeUndefined();
    }
  });
});

describe("the rest of the API", () => {
  it("lists agents", async () => {
    const { body } = await get("/v1/agents");
    expect(body.data.filter(({ id }) => id === "probe-1")).toMatchObject([
      { id: "probe-1", rows: 6, counters: {}, labels: {} },
    ]);
    expect((await get("/v1/agents/probe-1")).body.id).toBe("probe-1");
    expect(await failureOf("/v1/agents/nobody")).toEqual([
      404,
      "not_found",
      'there is no agent "nobody"; GET /v1/agents lists them',
    ]);
  });

  it("answers its index, its document and its health", async () => {
    expect((await get("/")).body.resources.dns).toEqual({
      title: "DNS",
      url: "/v1/dns",
      service: "wireloom.dns.v1.DnsService",
    });
    expect((await get("/openapi.json")).body).toEqual({ openapi: "3.1.0" });
    expect((await get("/healthz")).body).toEqual({ status: "ok" });
  });

  it.each(["/v1", "/v1/"])("lists the collections at %s", async (path) => {
    const { status, body } = await get(path);
    expect([status, body.resources.dns]).toMatchObject([200, { url: "/v1/dns" }]);
  });

  it.each(["/v1/DNS", "/v1/dns/", "/V1/Dns", "/v1/agents/probe-1/DNS", "/v1/Agents"])("takes %s", async (path) => {
    expect((await get(path)).status).toBe(200);
  });

  it.each([
    ["/dns", "/v1/dns"],
    ["/api/v1/dns", "/v1/dns"],
    ["/v1/dsn", "/v1/dns"],
    ["/v1/dsn/018f0000-0000-7000-8000-000000000002", "/v1/dns"],
    ["/v1/agents/probe-1/dsn", "/v1/agents/probe-1/dns"],
    ["/v1/agent", "/v1/agents"],
    ["/health", "/healthz"],
  ])("names what is near %s", async (path, nearest) => {
    const [status, , message] = await failureOf(path);
    expect([status, message]).toEqual([404, `there is nothing at "${path}"; the nearest is "${nearest}"`]);
  });

  it("lists the collections where nothing is near", async () => {
    const [, , message] = await failureOf("/v1/quarks-and-gluons");
    expect(message).toMatch(/; GET \/v1 lists what there is: \/v1\/arp, \/v1\/dhcp, \/v1\/dns, /);
  });

  it.each([
    ["text/html", "/v1/dns", 406],
    ["application/xml, text/plain;q=0.5", "/v1/dns", 406],
    ["text/csv", "/v1/agents", 406],
    ["text/csv", "/v1/dns/018f0000-0000-7000-8000-000000000002", 406],
    ["text/html, */*;q=0.1", "/v1/dns", 200],
    ["application/*", "/v1/agents", 200],
  ])("has for %s of %s %i", async (accept, path, expected) => {
    const { status, body } = await get(path, { accept });
    expect(status).toBe(expected);
    if (expected === 406) expect(body.error).toMatchObject({ code: "not_acceptable" });
  });

  it("says which types there are", async () => {
    const { body } = await get("/v1/dns", { accept: "text/html" });
    expect(body.error.message).toBe(
      "accept: this is to be had as application/json, application/x-ndjson, text/csv only",
    );
  });

  it("names the nearest path where there is nothing", async () => {
    expect(await failureOf("/v1/dnss")).toEqual([
      404,
      "not_found",
      'there is nothing at "/v1/dnss"; the nearest is "/v1/dns"',
    ]);
  });

  it("answers HEAD and OPTIONS, and refuses what would change something", async () => {
    const head = await fetch(`${url}/v1/dns`, { method: "HEAD", headers: { accept: "application/x-ndjson" } });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const options = await fetch(`${url}/v1/dns`, { method: "OPTIONS" });
    expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
    const post = await fetch(`${url}/v1/dns`, { method: "POST", body: "{}" });
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  });

  it("survives a request target that is not a URL", async () => {
    const status = await new Promise((resolve) => {
      httpRequest(`${url}`, { path: "//[/v1/dns?%" }, (response) => resolve(response.resume().statusCode)).end();
    });
    expect(status).toBeGreaterThanOrEqual(400);
    expect((await get("/healthz")).status).toBe(200);
  });
});
