import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { type ClientHttp2Session, connect as connectHttp2, constants } from "node:http2";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { Code } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CollectorFixture, dnsRowGroup, startFixture, storeRowGroups } from "../testing/collector.js";

let fixture: CollectorFixture;
let url: string;

beforeAll(async () => {
  fixture = await startFixture();
  url = fixture.collector.url;
  await storeRowGroups(fixture.store, "probe-1", [
    dnsRowGroup(Array.from({ length: 5000 }, (_, i) => ({ queryName: `${"long-label.".repeat(15)}n${i}.example` }))),
  ]);
});

afterAll(() => fixture.close());

function statusOf(path: string, headers: Record<string, string>, body?: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { path, headers, method: body === undefined ? "GET" : "POST" }, (response) =>
      resolve(response.resume().statusCode!),
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** Rejects unless the collector's health can be asked for. */
async function isWell(): Promise<void> {
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
}

describe("the host of a request", () => {
  it.each(["localhost", "127.0.0.1", "[::1]", "LOCALHOST:1", "127.8.8.8:80"])("may be %s", async (host) => {
    expect(await statusOf("/healthz", { host })).toBe(200);
  });

  it.each(["evil.example", "evil.example:4870", "192.0.2.1", "localhost.evil.example", "x@localhost"])(
    "may not be %j on loopback, whose page a browser would take for the collector's",
    async (host) => {
      expect(await statusOf("/v1/dns", { host })).toBe(421);
      const body = Buffer.from("{}");
      const type = { "content-type": "application/json" };
      expect(await statusOf("/wireloom.dns.v1.DnsService/ListDns", { host, ...type }, body)).toBe(421);
    },
  );

  it("may be missing in HTTP/1.0, which no browser speaks, and only there", async () => {
    const statusLine = async (head: string) => {
      const socket = connect({ port: fixture.collector.address.port, host: "127.0.0.1" });
      socket.write(`${head}\r\n\r\n`);
      const answer = Buffer.concat(await socket.toArray()).toString("latin1");
      return answer.split("\r\n", 1)[0]!.split(" ")[1];
    };
    const call = "content-type: application/json\r\ncontent-length: 2\r\nconnect-protocol-version: 1\r\n\r\n{}";
    expect(await statusLine("GET /healthz HTTP/1.0")).toBe("200");
    expect(await statusLine("GET /v1/dns?page_size=1 HTTP/1.0")).toBe("200");
    expect(await statusLine(`POST /wireloom.dns.v1.DnsService/ListDns HTTP/1.0\r\n${call}`)).toBe("200");
    expect(await statusLine("GET /v1/dns HTTP/1.0\r\nhost: evil.example")).toBe("421");
    expect(await statusLine("GET /v1/dns HTTP/1.0\r\nhost:")).toBe("421");
    expect(await statusLine("GET /v1/dns HTTP/1.1\r\nconnection: close")).toBe("400");
  });

  it("may be one that the operator allows", async () => {
    const other = await startFixture({ allowedHosts: ["Wireloom.example"] });
    const { port } = other.collector.address;
    const answer = await new Promise((resolve) => {
      httpRequest({ port, path: "/healthz", headers: { host: "wireloom.example" } }, (response) =>
        resolve(response.resume().statusCode),
      ).end();
    });
    expect(answer).toBe(200);
    await other.close();
  });
});

describe("bytes that are not a message", () => {
  const garbage = [Uint8Array.of(0xff, 0xff, 0xff), Uint8Array.of(0x0a, 0x7f), randomBytes(200).fill(0x0f, 0, 1)];

  it.each(["application/grpc", "application/grpc-web+proto"])("are the client's fault over %s", async (type) => {
    for (const bytes of garbage) {
      const envelope = Buffer.concat([Uint8Array.of(0, 0, 0, 0, bytes.length), bytes]);
      const session = await openSession();
      const stream = session.request({
        ":method": "POST",
        ":path": "/wireloom.dns.v1.DnsService/ListDns",
        "content-type": type,
        te: "trailers",
      });
      stream.end(envelope);
      let status: unknown;
      let body = "";
      stream.on("trailers", (trailers) => {
        status = trailers["grpc-status"];
      });
      stream.on("data", (data: Buffer) => {
        body += data.toString("latin1");
      });
      await once(stream, "close");
      session.close();
      expect(status ?? /grpc-status: (\d+)/.exec(body)?.[1]).toBe(String(Code.InvalidArgument));
    }
  });

  it("are the client's fault in a stream of Connect's", async () => {
    for (const bytes of garbage) {
      const envelope = Buffer.concat([Uint8Array.of(0, 0, 0, 0, bytes.length), bytes]);
      const response = await fetch(`${url}/wireloom.dns.v1.DnsService/WatchDns`, {
        method: "POST",
        headers: { "content-type": "application/connect+proto" },
        body: envelope,
      });
      const body = Buffer.from(await response.arrayBuffer());
      expect(body.readUInt32BE(1)).toBe(body.length - 5);
      expect(JSON.parse(body.subarray(5).toString())).toMatchObject({ error: { code: "invalid_argument" } });
    }
  });

  it.each([
    ["gzip", gzipSync("{}")],
    ["br", brotliCompressSync("{}")],
  ])("are the client's fault where %s was cut or is none", async (encoding, whole) => {
    const damaged = [...whole.keys()].slice(1).map((length) => whole.subarray(0, length));
    for (const bytes of [...damaged, Buffer.from("this is neither")]) {
      for (const type of ["application/json", "application/proto"]) {
        const headers = { "content-type": type, "content-encoding": encoding };
        expect(await statusOf("/wireloom.dns.v1.DnsService/ListDns", headers, bytes)).toBe(400);
      }
    }
  });

  it("are a 400 over plain HTTP", async () => {
    for (const bytes of garbage) {
      const headers = { "content-type": "application/proto" };
      expect(await statusOf("/wireloom.dns.v1.DnsService/ListDns", headers, bytes)).toBe(400);
    }
    expect(fixture.logged).toEqual([]);
  });
});

describe("a question", () => {
  const post = (body: Uint8Array, encoding: Record<string, string>) =>
    statusOf("/wireloom.dns.v1.DnsService/ListDns", { "content-type": "application/json", ...encoding }, body);

  it("is refused when it is larger than any that makes sense", async () => {
    expect(await post(Buffer.from(JSON.stringify({ pageToken: "x".repeat(70_000) })), {})).toBe(429);
  });

  it("is refused when it is unpacked to more, without being unpacked", async () => {
    const before = process.memoryUsage.rss();
    const bomb = gzipSync(Buffer.alloc(64 << 20));
    const statuses = await Promise.all(Array.from({ length: 50 }, () => post(bomb, { "content-encoding": "gzip" })));
    expect(new Set(statuses)).toEqual(new Set([429]));
    // Fifty of them would be 3.2 GB.
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 << 20);
  });

  it("is refused when its filters cost too much", async () => {
    const filters = Array.from({ length: 60 }, () => `query_name_like=${encodeURIComponent("%a%b%c%")}`).join("&");
    const response = await fetch(`${url}/v1/dns?count=exact&${filters}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining("may cost 100") } });
  });
});

function openSession(): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(url);
    session.on("error", reject);
    session.on("remoteSettings", () => resolve(session));
  });
}

/** Whether a question on the session is answered, and not refused. */
function isHealthy(session: ClientHttp2Session): Promise<boolean> {
  return new Promise((resolve) => {
    const stream = session.request({ ":path": "/healthz" });
    stream.on("response", (headers) => resolve(headers[":status"] === 200));
    stream.on("error", () => resolve(false));
  });
}

describe("a connection", () => {
  it("has a bounded number of streams, and closing it does not hold the collector up", async () => {
    const session = await openSession();
    expect(session.remoteSettings.maxConcurrentStreams).toBe(100);
    const begun = Array.from({ length: 150 }, () => {
      const stream = session.request(
        {
          ":method": "POST",
          ":path": "/wireloom.v1.IngestService/Ingest",
          "content-type": "application/connect+proto",
        },
        { endStream: false },
      );
      stream.on("error", () => undefined);
      stream.write(Uint8Array.of(0, 0, 0, 1, 0, 1));
      return stream;
    });
    let isAnswered = false;
    const last = session.request({ ":path": "/healthz" });
    last.on("response", () => {
      isAnswered = true;
    });
    last.on("error", () => undefined);
    // The collector has read all that came before its answer to a PING.
    await new Promise((resolve) => session.ping(resolve));
    expect(isAnswered).toBe(false);
    for (const stream of begun.slice(0, 60)) stream.close(constants.NGHTTP2_NO_ERROR);
    // Node 24 refuses a stream that arrives together with the end of another one; Node 20 does not.
    await expect.poll(() => isAnswered || isHealthy(session), { timeout: 10_000 }).toBe(true);
    session.destroy();
    await isWell();
    expect(fixture.logged).toEqual([]);
  });

  it("is closed when its client opens streams only to reset them", async () => {
    const session = await openSession();
    const closed = new Promise((resolve) => session.once("close", resolve));
    for (let i = 0; i < 5000 && !session.destroyed; i++) {
      const stream = session.request({ ":path": "/v1/dns" });
      stream.on("error", () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
      if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await closed;
    await isWell();
  });
});

describe("watchers that go away", () => {
  it("over HTTP/1.1 give their places back at once", async () => {
    const { port } = fixture.collector.address;
    const head = "POST /wireloom.dns.v1.DnsService/WatchDns HTTP/1.1\r\nhost: localhost\r\n";
    const body = "content-type: application/connect+json\r\ncontent-length: 7\r\n\r\n\0\0\0\0\u0002{}";
    const watch = () => {
      const socket = connect({ port, host: "127.0.0.1" });
      socket.on("error", () => undefined);
      socket.write(head + body);
      return socket;
    };
    /** Whether one more watcher is refused; one that is not is silent. */
    const isRefused = async () => {
      const socket = watch();
      const first = await Promise.race([once(socket, "data"), setTimeout(300)]);
      socket.destroy();
      return String(first ?? "").includes("256 clients watch");
    };
    const sockets = Array.from({ length: 256 }, watch);
    await expect.poll(isRefused).toBe(true);
    for (const socket of sockets) socket.end();
    await expect.poll(isRefused).toBe(false);
    expect(fixture.logged).toEqual([]);
  });
});

describe("exports that nobody reads", () => {
  it("keep nothing else waiting, and are bounded", async () => {
    const sockets = Array.from({ length: 40 }, () => {
      const socket = connect({ port: fixture.collector.address.port, host: "127.0.0.1" });
      socket.on("error", () => undefined);
      socket.write("GET /v1/dns HTTP/1.1\r\nhost: localhost\r\naccept: application/x-ndjson\r\n\r\n");
      return socket;
    });
    const heads = await Promise.all(
      sockets.map(async (socket) => {
        const [first] = await once(socket, "data");
        socket.pause();
        return String(first).slice(9, 12);
      }),
    );
    expect(heads.filter((status) => status === "200")).toHaveLength(32);
    expect(heads.filter((status) => status === "503")).toHaveLength(8);
    const another = () => fetch(`${url}/v1/dns?fields=id`, { headers: { accept: "text/csv" } });
    await storeRowGroups(fixture.store, "probe-2", [dnsRowGroup([{ queryName: "stored-beside-exports.example" }])]);
    const page = await (await fetch(`${url}/v1/dns?query_name_eq=stored-beside-exports.example`)).json();
    expect(page).toMatchObject({ data: [{ query_name: "stored-beside-exports.example" }] });
    await isWell();
    const refused = await another();
    expect([refused.status, refused.headers.get("retry-after"), fixture.logged]).toEqual([503, "1", []]);
    for (const socket of sockets) socket.destroy();
    // Once their clients are gone, there is room again.
    await expect
      .poll(async () => {
        const response = await fetch(`${url}/v1/dns?fields=query_name`, { headers: { accept: "text/csv" } });
        return response.ok ? (await response.text()).split("\r\n").length : response.status;
      })
      .toBe(5003);
    expect(fixture.logged).toEqual([]);
  });
});
