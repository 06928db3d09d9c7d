import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { get as getHttps } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DnsService } from "../../../generated/dns/dns_service_pb.js";
import { type CollectorFixture, startFixture } from "../testing/collector.js";
import { startCollector } from "./start-collector.js";

let fixture: CollectorFixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture.close());

function http2Status(session: ClientHttp2Session, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = session.request({ ":path": path });
    request.on("response", (headers) => resolve(Number(headers[":status"])));
    request.on("error", reject);
    request.resume();
    request.end();
  });
}

/**
 * Writes pieces, apart from each other, and returns what came until the server closed the connection, or until it is enough. `enough` is
 * given what came so far after each piece of it, and once all is written.
 */
function exchange(
  bytes: readonly (string | Buffer)[],
  enough: (received: string) => boolean = () => false,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(fixture.collector.address.port, "127.0.0.1");
    let received = "";
    socket.on("data", (data) => {
      received += data.toString("latin1");
      if (enough(received)) socket.destroy();
    });
    socket.on("close", () => resolve(received));
    socket.on("error", () => resolve(received));
    void (async () => {
      for (const piece of bytes) {
        socket.write(piece);
        // How they are cut on their way does not matter to the outcome.
        await new Promise((next) => setTimeout(next, 20));
      }
      if (enough(received)) socket.destroy();
    })();
  });
}

describe("one port", () => {
  it("speaks HTTP/1.1 and HTTP/2", async () => {
    expect((await fetch(`${fixture.collector.url}/healthz`)).status).toBe(200);
    const session = connectHttp2(fixture.collector.url);
    expect(await http2Status(session, "/healthz")).toBe(200);
    expect(await http2Status(session, "/v1/dns?nope=1")).toBe(400);
    session.close();
  });

  it("takes a request that comes a byte at a time", async () => {
    const request = "GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";
    expect(await exchange([...request.slice(0, 8), request.slice(8)])).toMatch(/^HTTP\/1\.1 200 OK/);
    const answer = await exchange(["P", "R", "I", " * HTTP/2.0\r\n\r\nSM\r\n\r\n"], ({ length }) => length > 3);
    // A frame is its length (3 bytes) and type; the server's first is SETTINGS, 4 (RFC 9113, sections 4.1 and 6.5).
    expect(answer.charCodeAt(3)).toBe(4);
  });

  it("outlives bytes of no protocol", async () => {
    expect(await exchange([Buffer.from([0, 1, 2, 3, 255])])).toMatch(/^(HTTP\/1\.1 400|$)/);
    await exchange(["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Buffer.alloc(100, 0xff)]);
    await exchange([], () => true);
    expect((await fetch(`${fixture.collector.url}/healthz`)).status).toBe(200);
    expect(fixture.logged).toEqual([]);
  });

  it("speaks TLS with a certificate", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wireloom-tls-"));
    execFileSync(
      "openssl",
      [
        ...[
          "req",
          "-x509",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:P-256",
          "-nodes",
          "-days",
          "2",
          "-subj",
          "/CN=localhost",
        ],
        ...["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", `${folder}/key.pem`, "-out", `${folder}/cert.pem`],
      ],
      { stdio: "ignore" },
    );
    const tls = { cert: readFileSync(`${folder}/cert.pem`), key: readFileSync(`${folder}/key.pem`) };
    rmSync(folder, { recursive: true });
    const secure = await startFixture({ tls });
    expect(secure.collector.url).toMatch(/^https:/);
    const status = await new Promise((resolve, reject) => {
      getHttps(`${secure.collector.url}/healthz`, { ca: tls.cert, agent: false }, (response) =>
        resolve(response.resume().statusCode),
      ).on("error", reject);
    });
    expect(status).toBe(200);
    const client = createClient(
      DnsService,
      createGrpcTransport({ baseUrl: secure.collector.url, nodeOptions: { ca: tls.cert } }),
    );
    expect((await client.listDns({})).rows).toEqual([]);
    await secure.close();
  });
});

describe("starting a collector", () => {
  const options = (): Omit<Parameters<typeof startCollector>[0], "listen"> => ({
    store: fixture.store,
    version: "0",
  });

  it("says that the port is in use", async () => {
    const listen = `127.0.0.1:${fixture.collector.address.port}`;
    await expect(startCollector({ ...options(), listen })).rejects.toMatchObject({
      code: "address_in_use",
      message: expect.stringMatching(new RegExp(`^${listen} is in use by another program; .*--listen`)),
    });
  });

  it.each(["0.0.0.0:0", ":0", "192.0.2.1:4870", "[::]:0"])("asks for TLS on %s", async (listen) => {
    await expect(startCollector({ ...options(), listen })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(
        / can be reached from other machines; give --tls-cert and --tls-key, or --insecure to go without encryption$/,
      ),
    });
  });

  it("goes without TLS on any address when it is told to", async () => {
    const collector = await startCollector({ ...options(), listen: "0.0.0.0:0", insecure: true });
    expect((await fetch(`http://127.0.0.1:${collector.address.port}/healthz`)).status).toBe(200);
    await collector.close();
  });

  it("says that an address is not this machine's", async () => {
    await expect(startCollector({ ...options(), listen: "192.0.2.1:4870", insecure: true })).rejects.toMatchObject({
      code: "unavailable",
    });
  });

  it.each(["4870", "localhost", "127.0.0.1:99999", "[::1:4870", ""])("refuses the address %j", async (listen) => {
    await expect(startCollector({ ...options(), listen })).rejects.toMatchObject({ code: "usage" });
  });

  it("closes at its signal, though a client keeps its connection", async () => {
    const stop = new AbortController();
    const collector = await startCollector({ ...options(), listen: "127.0.0.1:0", signal: stop.signal });
    await (await fetch(`${collector.url}/healthz`)).text();
    stop.abort();
    await collector.close();
    await expect(fetch(`${collector.url}/healthz`)).rejects.toThrow();
  });
});
