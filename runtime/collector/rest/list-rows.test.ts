import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DnsApi, NAMES, startDnsApi } from "./testing/dns-api.js";

let api: DnsApi;

beforeAll(async () => {
  api = await startDnsApi();
});

afterAll(() => api.close());

describe("a list", () => {
  it("has every column of a row, newest first", async () => {
    const { body } = await api.get("/v1/dns");
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
    const dns = api.store.events.find(({ table }) => table.resource === "dns")!;
    expect(Object.keys(body.data[0]!)).toEqual(dns.table.columns.map((column) => column.name));
  });

  it.each([
    ["query_name_eq=example.org", ["example.org"]],
    ["query_name_ne=example.org", NAMES.filter((name) => name !== undefined && name !== "example.org")],
    ["query_name_neq=example.org", NAMES.filter((name) => name !== undefined && name !== "example.org")],
    ["query_name_in=example.org,www.example.com", ["www.example.com", "example.org"]],
    ["query_name_in=%22example.org%22,%20%22www.example.com%22", ["www.example.com", "example.org"]],
    ["query_name_eq=EXAMPLE.org.", ["example.org"]],
    ["query_name_in=EXAMPLE.org.,WWW.example.com", ["www.example.com", "example.org"]],
    ["query_name_ne=Example.ORG.", NAMES.filter((name) => name !== undefined && name !== "example.org")],
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
    expect(await api.namesOf(parameters)).toEqual(expected);
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
    const whole = (await api.get(query)).body.data;
    const pages: unknown[] = [];
    let token = "";
    do {
      const { body } = await api.get(`${query}&page_size=2&page_token=${token}`);
      pages.push(...body.data);
      token = body.next_page_token;
    } while (token !== "");
    expect(pages).toEqual(whole);
    expect(whole).toHaveLength(6);
  });

  it("returns the chosen fields in the requested order", async () => {
    const { body } = await api.get("/v1/dns?fields=rcode,%20time&query_name_eq=example.org");
    expect(JSON.stringify(body.data)).toBe('[{"rcode":"NXDOMAIN","time":"2023-11-14T22:13:22.000000000Z"}]');
  });

  it.each([
    ["none", undefined, undefined],
    ["capped", 5, false],
    ["exact", 5, false],
  ])("counts with count=%s", async (mode, count, isCapped) => {
    const { body } = await api.get(`/v1/dns?count=${mode}&query_name_is_null=false&page_size=1`);
    expect(body.count).toBe(count);
    expect(body.count_is_capped).toBe(isCapped);
  });

  it("is restricted by its path", async () => {
    expect((await api.get("/v1/agents/probe-1/dns?query_name_eq=example.org")).body.data).toHaveLength(1);
    expect((await api.get("/v1/agents/probe-1/dns?query_name_eq=nowhere")).body.data).toHaveLength(0);
    const nobody = [404, "not_found", 'there is no agent "probe-2"; GET /v1/agents lists them'];
    expect(await api.failureOf("/v1/agents/probe-2/dns")).toEqual(nobody);
    const lines = await api.get("/v1/agents/probe-2/dns", { accept: "application/x-ndjson" });
    expect(lines.status).toBe(404);
    const community = encodeURIComponent("1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
    expect((await api.get(`/v1/conversations/${community}/dns`)).body.data).toHaveLength(6);
    expect((await api.get("/v1/conversations/1:LQU9qZlK+B5F3KDmev6m5PMibrg=/dns")).body.data).toHaveLength(6);
    const other = encodeURIComponent("1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
    expect((await api.get(`/v1/conversations/${other}/dns`)).body.data).toEqual([]);
  });

  it("refuses a path with a Community ID that cannot exist, but not a filter", async () => {
    for (const accept of ["application/json", "text/csv"]) {
      const { status, body } = await api.get("/v1/conversations/xx/dns", { accept });
      expect([status, body.error.code]).toEqual([400, "invalid_argument"]);
      expect(body.error.message).toMatch(/^community_id: "xx" is not a Community ID, such as 1:/);
    }
    expect((await api.get("/v1/dns?community_id_eq=xx")).body.data).toEqual([]);
    const [status, , message] = await api.failureOf("/v1/conversations/1:d/FP5EW3wiY1vCndhwleRRKHowQ=/dns");
    expect(status).toBe(404);
    expect(message).toMatch(/; the nearest is "\/v1\/conversations\/1%3Ad%2FFP5EW3wiY1vCndhwleRRKHowQ%3D\/dns"$/);
  });

  it("keeps the time of now over all pages", async () => {
    const query = "/v1/dns?fields=id&time_lt=now-1s&time_gte=now-100000d&page_size=2";
    const found: unknown[] = [];
    let token = "";
    do {
      const { status, body } = await api.get(`${query}&page_token=${token}`);
      expect(status).toBe(200);
      found.push(...body.data.map((row) => row.id));
      token = body.next_page_token;
      await new Promise((resolve) => setTimeout(resolve, 2));
    } while (token !== "");
    expect([found.length, new Set(found).size]).toEqual([6, 6]);
  });

  it("refuses the token of another query", async () => {
    const { body } = await api.get("/v1/dns?page_size=1&dst_port_eq=53");
    expect(await api.failureOf(`/v1/dns?page_size=1&page_token=${body.next_page_token}`)).toEqual([
      400,
      "invalid_argument",
      "page_token: the token belongs to other filters or another order; repeat those of the page before, or start without a token",
    ]);
  });

  it("refuses a token with null for a column that always has a value", async () => {
    const { body } = await api.get("/v1/dns?page_size=1");
    const [digest, time, id] = JSON.parse(Buffer.from(body.next_page_token, "base64url").toString("utf8"));
    for (const parts of [
      [digest, null, id],
      [digest, time, null],
      [digest, null, null],
    ]) {
      const token = Buffer.from(JSON.stringify(parts)).toString("base64url");
      expect((await api.failureOf(`/v1/dns?page_size=1&page_token=${token}`)).slice(0, 2)).toEqual([
        400,
        "invalid_argument",
      ]);
    }
  });

  it("treats values as values", async () => {
    expect(await api.namesOf(`query_name_eq=${encodeURIComponent("' OR 1=1 --")}`)).toEqual([]);
    expect(api.logged).toEqual([]);
  });
});

describe("a row", () => {
  it("is found by its id", async () => {
    const { body } = await api.get("/v1/dns/018F0000-0000-7000-8000-000000000002");
    expect(body.query_name).toBe("example.org");
  });

  it("is not found by another id", async () => {
    expect(await api.failureOf("/v1/dns/018f0000-0000-7000-8000-0000000000ff")).toEqual([
      404,
      "not_found",
      "there is no dns row 018f0000-0000-7000-8000-0000000000ff",
    ]);
  });
});
