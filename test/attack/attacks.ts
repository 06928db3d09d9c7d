import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { type ClientHttp2Session, connect as connectHttp2, constants } from "node:http2";
import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { create, toBinary } from "@bufbuild/protobuf";
import { DnsField, WatchDnsRequestSchema } from "../../generated/dns/dns_service_pb.js";
import { BatchSchema, IngestRequestSchema, SessionOpenSchema } from "../../generated/wireloom/v1/ingest_pb.js";
import { Operator } from "../../generated/wireloom/v1/operator_pb.js";
import { BATCH_ROWS, DNS_EVENT, dnsBatches, dnsRows, PERIOD, prepareDnsBatches } from "./dns-rows.js";
import { IngestClient } from "./ingest-client.js";

/** Something that a hostile or careless client does, until the signal; bounded in count. */
export interface Attack {
  readonly name: string;
  /** Makes what it sends, before anything is measured. */
  readonly prepare?: () => void;
  run(target: { readonly url: string; readonly port: number }, signal: AbortSignal): Promise<void>;
}

const INGEST = "/wireloom.v1.IngestService/Ingest";
const LIST = "/wireloom.dns.v1.DnsService/ListDns";
const WATCH = "/wireloom.dns.v1.DnsService/WatchDns";

/** Every attack. */
export const ATTACKS: readonly Attack[] = [
  { name: "no attack, but a busy process", run: (_, signal) => beBusy(signal) },
  { name: "40 exports that nobody reads", run: ({ port }, signal) => unreadExports(port, 40, signal) },
  { name: "exports cut after 0.2 s, 8 at a time", run: ({ port }, signal) => cutExports(port, signal) },
  { name: "20 clients with costly questions", run: ({ url }, signal) => costlyQueries(url, 20, signal) },
  { name: "20 clients with exact counts", run: ({ url }, signal) => exactCounts(url, 20, signal) },
  { name: "a batch of millions of empty rows", run: ({ url }, signal) => emptyRows(url, signal) },
  {
    name: "an agent that floods",
    prepare: prepareDnsBatches,
    // Later rows than any that are stored.
    run: ({ url }, signal) => floodingAgent(url, dnsBatches(1000 * PERIOD), signal),
  },
  {
    name: "an agent that floods with rows of a minute",
    prepare: prepareMinute,
    run: ({ url }, signal) => floodingAgent(url, batchesOfAMinute(), signal),
  },
  { name: "an agent whose rows are all refused", run: ({ url }, signal) => refusedRows(url, signal) },
  { name: "300 watchers that read nothing", run: ({ url }, signal) => unreadWatches(url, 300, signal) },
  { name: "5000 streams on a connection", run: ({ url }, signal) => manyStreams(url, signal) },
  { name: "streams that are reset at once", run: ({ url }, signal) => rapidReset(url, signal) },
  { name: "gzip bombs for questions", run: ({ url }, signal) => bombs(url, LIST, "application/proto", signal) },
  { name: "gzip bombs for ingest", run: ({ url }, signal) => ingestBombs(url, signal) },
  { name: "bytes that are not messages", run: ({ url }, signal) => garbage(url, signal) },
  { name: "new agents and sessions without rows", run: ({ url }, signal) => openSessions(url, signal) },
  { name: "400 connections that say nothing", run: ({ port }, signal) => idleConnections(port, 400, signal) },
];

// Each question of an attack listens to its signal.
setMaxListeners(0);

/** Occupies a processor without touching the collector: the control that the attacks are compared with. */
async function beBusy(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const end = performance.now() + 20; performance.now() < end; );
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function exportSocket(port: number): Socket {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => undefined);
  socket.pause();
  socket.write("GET /v1/dns HTTP/1.1\r\nhost: localhost\r\naccept: application/x-ndjson\r\n\r\n");
  return socket;
}

async function unreadExports(port: number, count: number, signal: AbortSignal): Promise<void> {
  const sockets = Array.from({ length: count }, () => exportSocket(port));
  await aborted(signal);
  for (const socket of sockets) socket.destroy();
}

async function cutExports(port: number, signal: AbortSignal): Promise<void> {
  for (let i = 0; i < 100 && !signal.aborted; i++) {
    const sockets = Array.from({ length: 8 }, () => exportSocket(port));
    await pause(200);
    for (const socket of sockets) socket.destroy();
  }
}

async function ask(url: string, path: string, signal: AbortSignal): Promise<void> {
  try {
    await (await fetch(url + path, { signal })).text();
  } catch {
    // Cut off at the end of the attack.
  }
}

async function askAgain(url: string, path: string, clients: number, signal: AbortSignal): Promise<void> {
  const client = async (): Promise<void> => {
    for (let i = 0; i < 1000 && !signal.aborted; i++) {
      await ask(url, path, signal);
      await pause(1);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}

function costlyQueries(url: string, clients: number, signal: AbortSignal): Promise<void> {
  const filter = `query_name_like=${encodeURIComponent("%l%a%b%e%l%n%x%")}`;
  return askAgain(url, `/v1/dns?count=exact&${Array.from({ length: 6 }, () => filter).join("&")}`, clients, signal);
}

function exactCounts(url: string, clients: number, signal: AbortSignal): Promise<void> {
  return askAgain(url, "/v1/dns?count=exact&query_name_contains=nothing&order_by=latency", clients, signal);
}

async function emptyRows(url: string, signal: AbortSignal): Promise<void> {
  const count = 4_000_000;
  const rows = new Uint8Array(count * 2);
  for (let i = 0; i < rows.length; i += 2) rows[i] = 0x0a;
  for (let i = 0; i < 20 && !signal.aborted; i++) {
    const client = new IngestClient(url, "empty-rows");
    await client.send(rows, count).catch(() => undefined);
    await client.close();
    await pause(100);
  }
}

async function floodingAgent(url: string, batches: Iterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  const client = new IngestClient(url, "flood");
  const inFlight = new Set<Promise<void>>();
  let sentBatches = 0;
  for (const batch of batches) {
    if (sentBatches++ === 2000 || signal.aborted) break;
    const sent = client.send(batch, BATCH_ROWS).catch(() => undefined);
    inFlight.add(sent);
    void sent.then(() => inFlight.delete(sent));
    if (inFlight.size >= 24) await Promise.race(inFlight);
  }
  await client.close();
}

let minute: readonly Uint8Array[] | undefined;

function prepareMinute(): readonly Uint8Array[] {
  minute ??= Array.from({ length: 16 }, (_, i) => dnsRows(200_000_000 + i * BATCH_ROWS, BATCH_ROWS));
  return minute;
}

/** Batches that repeat the same minute of times, later than all others, so that every row group has rows of every time. */
function* batchesOfAMinute(): Generator<Uint8Array> {
  for (;;) yield* prepareMinute();
}

async function refusedRows(url: string, signal: AbortSignal): Promise<void> {
  // An id of one byte, in each of many rows.
  const count = 50_000;
  const rows = new Uint8Array(count * 7).map((_, i) => [0x0a, 5, 0x0a, 3, 0x0a, 1, 1][i % 7]!);
  for (let i = 0; i < 500 && !signal.aborted; i++) {
    const client = new IngestClient(url, "refused");
    await Promise.all(Array.from({ length: 20 }, () => client.send(rows, count).catch(() => undefined)));
    await client.close();
  }
}

async function unreadWatches(url: string, count: number, signal: AbortSignal): Promise<void> {
  const filter = { field: DnsField.QUERY_NAME, operator: Operator.LIKE, values: ["%l%a%b%e%l%"] };
  const question = toBinary(WatchDnsRequestSchema, create(WatchDnsRequestSchema, { filters: [filter] }));
  const body = Buffer.concat([Buffer.from([0, 0, 0, 0, question.length]), question]);
  // A hundred streams is what a connection may have.
  const sessions = Array.from({ length: Math.ceil(count / 100) }, () => openHttp2(url));
  for (let i = 0; i < count; i++) {
    const headers = { ":method": "POST", ":path": WATCH, "content-type": "application/connect+proto" };
    const stream = sessions[Math.floor(i / 100)]!.request(headers);
    stream.on("error", () => undefined);
    stream.end(body);
  }
  await aborted(signal);
  for (const session of sessions) session.destroy();
}

function openHttp2(url: string): ClientHttp2Session {
  const session = connectHttp2(url);
  session.on("error", () => undefined);
  return session;
}

async function manyStreams(url: string, signal: AbortSignal): Promise<void> {
  for (let round = 0; round < 20 && !signal.aborted; round++) {
    const session = openHttp2(url);
    for (let i = 0; i < 5000 && !session.destroyed; i++) {
      const headers = { ":method": "POST", ":path": INGEST, "content-type": "application/connect+proto" };
      const stream = session.request(headers, { endStream: false });
      stream.on("error", () => undefined);
      stream.write(Uint8Array.of(0, 0, 0, 1, 0, 1));
    }
    await pause(500);
    session.destroy();
  }
}

async function rapidReset(url: string, signal: AbortSignal): Promise<void> {
  let session = openHttp2(url);
  for (let i = 0; i < 40_000 && !signal.aborted; i++) {
    if (session.destroyed || session.closed) session = openHttp2(url);
    const stream = session.request({ ":path": "/v1/dns" });
    stream.on("error", () => undefined);
    stream.close(constants.NGHTTP2_CANCEL);
    if (i % 20 === 0) await pause(1);
  }
  session.destroy();
}

async function post(
  url: string,
  body: Uint8Array,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await (await fetch(url, { method: "POST", body: new Uint8Array(body), headers, signal })).text();
  } catch {
    // Cut off at the end of the attack.
  }
}

async function bombs(url: string, path: string, type: string, signal: AbortSignal): Promise<void> {
  const bomb = gzipSync(Buffer.alloc(8 << 20));
  const headers = { "content-type": type, "content-encoding": "gzip" };
  for (let i = 0; i < 100 && !signal.aborted; i++) {
    await Promise.all(Array.from({ length: 20 }, () => post(url + path, bomb, headers, signal)));
  }
}

async function ingestBombs(url: string, signal: AbortSignal): Promise<void> {
  const open = create(SessionOpenSchema, { agentId: "bomb", sessionId: randomBytes(16) });
  const batch = create(BatchSchema, {
    sequence: 1n,
    rowGroups: [{ eventType: DNS_EVENT, count: 1, rows: new Uint8Array(7 << 20) }],
  });
  const messages = [
    create(IngestRequestSchema, { content: { case: "open", value: open } }),
    ...Array.from({ length: 4 }, () => create(IngestRequestSchema, { content: { case: "batch", value: batch } })),
  ].map((message) => gzipSync(toBinary(IngestRequestSchema, message)));
  const body = Buffer.concat(
    messages.flatMap((message) => {
      const head = Buffer.alloc(5);
      head[0] = 1;
      head.writeUInt32BE(message.length, 1);
      return [head, message];
    }),
  );
  for (let i = 0; i < 200 && !signal.aborted; i++) {
    const session = openHttp2(url);
    const streams = Array.from({ length: 10 }, () => {
      const headers = {
        ":method": "POST",
        ":path": INGEST,
        "content-type": "application/connect+proto",
        "connect-content-encoding": "gzip",
      };
      const stream = session.request(headers);
      stream.on("error", () => undefined);
      stream.end(body);
      stream.resume();
      return new Promise((resolve) => stream.once("close", resolve));
    });
    await Promise.race([Promise.all(streams), pause(2000), aborted(signal)]);
    session.destroy();
  }
}

async function garbage(url: string, signal: AbortSignal): Promise<void> {
  for (let i = 0; i < 500 && !signal.aborted; i++) {
    const headers = { "content-type": "application/proto" };
    await Promise.all(Array.from({ length: 20 }, () => post(url + LIST, randomBytes(300), headers, signal)));
  }
}

async function openSessions(url: string, signal: AbortSignal): Promise<void> {
  for (let i = 0; i < 400 && !signal.aborted; i++) {
    const clients = Array.from({ length: 20 }, (_, k) => new IngestClient(url, `nobody-${i}-${k}`));
    await pause(20);
    await Promise.all(clients.map((client) => client.close().catch(() => undefined)));
  }
}

async function idleConnections(port: number, count: number, signal: AbortSignal): Promise<void> {
  const sockets = Array.from({ length: count }, () => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.on("error", () => undefined);
    return socket;
  });
  await aborted(signal);
  for (const socket of sockets) socket.destroy();
}
