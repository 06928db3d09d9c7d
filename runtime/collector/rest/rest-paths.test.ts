import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DnsApi, startDnsApi } from "./testing/dns-api.js";

let api: DnsApi;

beforeAll(async () => {
  api = await startDnsApi();
});

afterAll(() => api.close());

describe("the paths of the API", () => {
  it("lists agents", async () => {
    const { body } = await api.get("/v1/agents");
    expect(body.data.filter(({ id }) => id === "probe-1")).toMatchObject([
      { id: "probe-1", rows: 6, counters: {}, labels: {} },
    ]);
    expect((await api.get("/v1/agents/probe-1")).body.id).toBe("probe-1");
    expect(await api.failureOf("/v1/agents/nobody")).toEqual([
      404,
      "not_found",
      'there is no agent "nobody"; GET /v1/agents lists them',
    ]);
  });

  it("serves its index, its document and its health", async () => {
    expect((await api.get("/")).body.resources.dns).toEqual({
      title: "DNS",
      url: "/v1/dns",
      service: "wireloom.dns.v1.DnsService",
    });
    expect((await api.get("/openapi.json")).body).toMatchObject({ openapi: "3.1.0", paths: { "/v1/dns": {} } });
    expect((await api.get("/healthz")).body).toEqual({ status: "ok" });
  });

  it.each(["/v1", "/v1/"])("lists the collections at %s", async (path) => {
    const { status, body } = await api.get(path);
    expect([status, body.resources.dns]).toMatchObject([200, { url: "/v1/dns" }]);
  });

  it.each(["/v1/DNS", "/v1/dns/", "/V1/Dns", "/v1/agents/probe-1/DNS", "/v1/Agents"])("accepts %s", async (path) => {
    expect((await api.get(path)).status).toBe(200);
  });

  it.each([
    ["/dns", "/v1/dns"],
    ["/api/v1/dns", "/v1/dns"],
    ["/v1/dsn", "/v1/dns"],
    ["/v1/dsn/018f0000-0000-7000-8000-000000000002", "/v1/dns"],
    ["/v1/agents/probe-1/dsn", "/v1/agents/probe-1/dns"],
    ["/v1/agent", "/v1/agents"],
    ["/health", "/healthz"],
  ])("names the path nearest to %s", async (path, nearest) => {
    const [status, , message] = await api.failureOf(path);
    expect([status, message]).toEqual([404, `there is nothing at "${path}"; the nearest is "${nearest}"`]);
  });

  it("lists the collections where nothing is near", async () => {
    const [, , message] = await api.failureOf("/v1/quarks-and-gluons");
    expect(message).toMatch(/; GET \/v1 lists what there is: \/v1\/arp, .*\/v1\/dns, /);
  });

  it("names the nearest path where there is nothing", async () => {
    expect(await api.failureOf("/v1/dnss")).toEqual([
      404,
      "not_found",
      'there is nothing at "/v1/dnss"; the nearest is "/v1/dns"',
    ]);
  });

  it("responds to HEAD and OPTIONS, and refuses methods that would change something", async () => {
    const head = await fetch(`${api.url}/v1/dns`, { method: "HEAD", headers: { accept: "application/x-ndjson" } });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const options = await fetch(`${api.url}/v1/dns`, { method: "OPTIONS" });
    expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
    const post = await fetch(`${api.url}/v1/dns`, { method: "POST", body: "{}" });
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  });

  it("survives a request target that is not a URL", async () => {
    const status = await new Promise((resolve) => {
      httpRequest(`${api.url}`, { path: "//[/v1/dns?%" }, (response) => resolve(response.resume().statusCode)).end();
    });
    expect(status).toBeGreaterThanOrEqual(400);
    expect((await api.get("/healthz")).status).toBe(200);
  });
});
