import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DnsApi, startDnsApi } from "./testing/dns-api.js";

let api: DnsApi;

beforeAll(async () => {
  api = await startDnsApi();
});

afterAll(() => api.close());

describe("a list", () => {
  it.each([
    ["/v1/dns?query_nam_eq=x", 'dns has no parameter "query_nam_eq"; the nearest is "query_name_eq"'],
    ["/v1/dns?pagesize=5", 'dns has no parameter "pagesize"; the nearest is "page_size"'],
    [
      "/v1/dns?time_gte=soon",
      'time_gte: "soon" is not a time from 1677-09-22T00:00:00Z to 2262-04-11T23:47:16Z, such as 2026-01-31T12:00:00Z, 2026-01-31, 1769860800 (seconds since the epoch), now-15m or today',
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
    const [status, , said] = await api.failureOf(path);
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
  ])("proposes a correction of %s", async (parameters, message) => {
    const [status, , said] = await api.failureOf(`/v1/dns?${parameters}`);
    expect(status).toBe(400);
    expect(said).toContain(message);
  });

  it("proposes the nearest name of a value", async () => {
    const [, , message] = await api.failureOf("/v1/dns?rcode_eq=NXDOMIAN");
    expect(message).toMatch(/; the nearest is "NXDOMAIN"$/);
  });

  it("has a response of 200 or 400 to any text of any parameter", async () => {
    const dns = api.store.events.find(({ table }) => table.resource === "dns")!;
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
        const { status } = await api.get(`/v1/dns?${new URLSearchParams(pairs)}`);
        expect([200, 400]).toContain(status);
      }),
      { numRuns: 300 },
    );
    expect(api.logged).toEqual([]);
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
    const { status, body } = await api.get(path);
    expect([status, body.error.message]).toEqual([400, message]);
  });

  it.each(["/?_=1", "/healthz?cb=17"])("of %s are ignored", async (path) => {
    expect((await api.get(path)).status).toBe(200);
  });

  it("choose the fields of a row", async () => {
    const response = await fetch(`${api.url}${row}?fields=rcode,time`);
    expect(await response.text()).toBe('{"rcode":"NXDOMAIN","time":"2023-11-14T22:13:22.000000000Z"}\n');
  });

  it("choose agents by their state", async () => {
    const session = await api.store.openSession({
      ...{ agentId: "here", sessionId: new Uint8Array(16).fill(7), hostname: "", version: "", labels: {} },
    });
    await session.append({ sequence: 1n, rowGroups: [], counters: new Map() });
    const agents = async (parameters: string): Promise<unknown[]> =>
      (await api.get(`/v1/agents?${parameters}`)).body.data.map(({ id }) => id);
    expect(await agents("state_eq=connected")).toEqual(["here"]);
    expect(await agents("state_eq=GONE")).toEqual(["probe-1"]);
    expect(await agents("state_eq=ended")).toEqual([]);
    expect(await agents("state_in=ended,connected")).toEqual(["here"]);
    expect(await agents("state_in=gone,connected&state_eq=gone")).toEqual(["probe-1"]);
    session.close();
  });
});
