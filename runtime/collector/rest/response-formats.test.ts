import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dnsRowGroup, storeRowGroups } from "../testing/collector.js";
import { type DnsApi, startDnsApi } from "./testing/dns-api.js";

let api: DnsApi;

beforeAll(async () => {
  api = await startDnsApi();
});

afterAll(() => api.close());

describe("an export", () => {
  it("is lines of the same JSON as the list's rows", async () => {
    const list = await (await fetch(`${api.url}/v1/dns`)).text();
    const lines = await (await fetch(`${api.url}/v1/dns`, { headers: { accept: "application/x-ndjson" } })).text();
    expect(`{"data":[${lines.trimEnd().split("\n").join(",")}],"next_page_token":""}\n`).toBe(list);
  });

  it("is CSV with a header", async () => {
    const response = await fetch(
      `${api.url}/v1/dns?fields=time,query_name,answer_names,rcode&order_by=time&time_lt=2023-11-14T22:13:22Z`,
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

  it("frees its slot when it is refused, or when only its head is requested", async () => {
    for (let i = 0; i < 40; i++) {
      const headers = { accept: "text/csv" };
      expect((await fetch(`${api.url}/v1/dns?order_by=time,time`, { headers })).status).toBe(400);
      const head = await fetch(`${api.url}/v1/dns`, { method: "HEAD", headers });
      expect([head.status, head.headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8; header=present"]);
    }
    expect((await fetch(`${api.url}/v1/dns`, { headers: { accept: "text/csv" } })).status).toBe(200);
  });

  it("neutralises text that a spreadsheet takes for a formula, where that is requested", async () => {
    await storeRowGroups(api.store, "formulas", [
      dnsRowGroup([
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
      return (await (await fetch(api.url + path, { headers: { accept: "text/csv" } })).text()).split("\r\n")[1];
    };
    expect(await lines("")).toBe("=cmd|' /C calc'!A0,-1,0.000000005s,0");
    expect(await lines("&csv_safe=true")).toBe("'=cmd|' /C calc'!A0,'-1,0.000000005s,0");
  });

  it.each(["application/x-ndjson", "text/csv"])("of %s has at most the rows of its limit", async (accept) => {
    const rows = async (parameters: string): Promise<number> => {
      const response = await fetch(`${api.url}/v1/agents/probe-1/dns?fields=id&${parameters}`, { headers: { accept } });
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
  ])("refuses %s", async (parameter, message) => {
    const headers = { accept: "text/csv" };
    const { status, body } = await api.get(`/v1/dns?${parameter}`, headers);
    expect([status, body.error.message]).toEqual([400, message]);
    expect((await fetch(`${api.url}/v1/dns?${parameter}`, { method: "HEAD", headers })).status).toBe(400);
  });
});

describe("a response that is requested compressed", () => {
  /** The bytes as they are on the wire, which fetch would decompress. */
  function rawGet(
    path: string,
    headers: Record<string, string>,
  ): Promise<{ headers: IncomingHttpHeaders; bytes: Buffer }> {
    return new Promise((resolve, reject) => {
      httpRequest(`${api.url}${path}`, { headers }, (response) => {
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
  ])("accepts %s and is encoded as %s", async (accepted, encoding, decompress) => {
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

describe("the type of a response", () => {
  it.each([
    ["text/html", "/v1/dns", 406],
    ["application/xml, text/plain;q=0.5", "/v1/dns", 406],
    ["text/csv", "/v1/agents", 406],
    ["text/csv", "/v1/dns/018f0000-0000-7000-8000-000000000002", 406],
    ["text/html, */*;q=0.1", "/v1/dns", 200],
    ["application/*", "/v1/agents", 200],
  ])("requested with Accept: %s of %s has the status %i", async (accept, path, expected) => {
    const { status, body } = await api.get(path, { accept });
    expect(status).toBe(expected);
    if (expected === 406) expect(body.error).toMatchObject({ code: "not_acceptable" });
  });

  it("is named in a refusal with the others that there are", async () => {
    const { body } = await api.get("/v1/dns", { accept: "text/html" });
    expect(body.error.message).toBe(
      "accept: the response can only be application/json, application/x-ndjson, text/csv",
    );
  });
});
