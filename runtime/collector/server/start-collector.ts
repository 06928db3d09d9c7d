import { setMaxListeners } from "node:events";
import { createServer as createHttp1Server } from "node:http";
import { createServer as createHttp2Server, createSecureServer, type ServerHttp2Session } from "node:http2";
import type { Server } from "node:net";
import type { Store } from "../../store/store.js";
import type { CollectorLog } from "../collector-log.js";
import { createCollectorLog } from "../collector-log.js";
import { createInProcessIngest, type InProcessIngest } from "../ingest/in-process-ingest.js";
import { createSessionServer } from "../ingest/serve-session.js";
import type { RequestHandler } from "./connect-adapter.js";
import { Connections } from "./connections.js";
import { createHandler } from "./create-handler.js";
import { deferStreams } from "./defer-streams.js";
import { checkHost } from "./host-check.js";
import { listen } from "./listen.js";
import { formatAuthority, type ListenAddress } from "./listen-address.js";
import { type ListenOptions, permittedAddress } from "./listen-options.js";
import { createSniffingServer } from "./protocol-sniffer.js";
import { refuseMalformed } from "./refuse-malformed.js";
import { guardSession, MAX_STREAMS } from "./session-guard.js";

/** Bytes that a client may send ahead of what is read, on one stream and on all of a connection. */
const STREAM_WINDOW_BYTES = 2 << 20;
const SESSION_WINDOW_BYTES = 4 << 20;
/** Connections at once; more are closed as they come. */
const MAX_CONNECTIONS = 8192;
/** Milliseconds that connections have to end by themselves when the collector closes. */
const CLOSE_TIMEOUT_MS = 3000;
const CLOSE_CHECK_MS = 50;

/** Options of a collector. */
export interface CollectorOptions extends ListenOptions {
  /** Not closed by the collector; its owner closes it afterwards. */
  readonly store: Store;
  readonly version: string;
  /** Names that a proxy passes on in `Host`; on loopback, requests for other names than this machine's are refused. */
  readonly allowedHosts?: readonly string[];
  /** Closes the collector. */
  readonly signal?: AbortSignal;
  /** Receives the collector's own errors, and agents that connect and leave. */
  readonly log?: CollectorLog;
}

/** A collector that listens. */
export interface Collector {
  /** Such as `http://127.0.0.1:4870`. */
  readonly url: string;
  readonly address: ListenAddress;
  /** Receives the events of an agent in this process. */
  readonly ingest: InProcessIngest;
  /** Accepts no more requests, finishes the open ones, and commits what agents have sent. */
  close(): Promise<void>;
}

/**
 * Serves REST, Connect, gRPC and gRPC-Web on one port. Throws a `WireloomError` `usage` on a wrong address or one
 * that other machines reach without TLS, `address_in_use`, `permission_denied` or `unavailable` where it cannot listen.
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const wanted = permittedAddress(options);
  const closing = new AbortController();
  // Every stream and export listens to it.
  setMaxListeners(0, closing.signal);
  const { store, version, log = createCollectorLog((line) => process.stderr.write(`wireloom: ${line}\n`)) } = options;
  const serveSession = createSessionServer({ store, events: store.events, log, signal: closing.signal });
  const ingest = createInProcessIngest(serveSession, log, closing.signal);
  const answer = createHandler({ store, version, log, serveSession, signal: closing.signal });
  const handler = deferStreams(checkHost(answer, wanted, options.allowedHosts ?? []));
  const connections = new Connections();
  const server = createServer(options, handler, connections);
  server.maxConnections = MAX_CONNECTIONS;
  const address = await listen(server, wanted);
  const scheme = options.tls === undefined ? "http" : "https";
  let closed: Promise<void> | undefined;
  const stopListening = store.onRecovery(() => log("the store works again"));
  const close = (): Promise<void> => {
    stopListening();
    closed ??= closeServer(server, closing, connections);
    return closed;
  };
  if (options.signal?.aborted) await close();
  options.signal?.addEventListener("abort", () => void close(), { once: true });
  return { url: `${scheme}://${formatAuthority(address)}`, address, ingest, close };
}

function createServer({ tls }: CollectorOptions, handler: RequestHandler, connections: Connections): Server {
  const settings = { initialWindowSize: STREAM_WINDOW_BYTES, maxConcurrentStreams: MAX_STREAMS };
  const onSession = (session: ServerHttp2Session): void => {
    session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    guardSession(session);
    connections.addSession(session);
  };
  if (tls !== undefined) {
    const server = createSecureServer({ ...tls, allowHTTP1: true, settings }, handler);
    refuseMalformed(server);
    server.on("session", onSession);
    server.on("connection", (socket) => connections.addSocket(socket));
    server.on("secureConnection", (socket) => connections.addSocket(socket));
    return server;
  }
  const http2 = createHttp2Server({ settings }, handler);
  http2.on("session", onSession);
  const http1 = createHttp1Server(handler);
  refuseMalformed(http1);
  // This server does not listen itself, and Node checks connections (timeouts, idle ones) only once a server listens.
  http1.emit("listening");
  connections.closeIdle = () => http1.closeIdleConnections();
  const server = createSniffingServer(http1, http2);
  server.on("connection", (socket) => connections.addSocket(socket));
  return server;
}

async function closeServer(server: Server, closing: AbortController, connections: Connections): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  closing.abort();
  connections.closeSessions();
  connections.closeIdle();
  const idle = setInterval(() => connections.closeIdle(), CLOSE_CHECK_MS);
  const timer = setTimeout(() => connections.destroy(), CLOSE_TIMEOUT_MS);
  await ended;
  clearInterval(idle);
  clearTimeout(timer);
}
