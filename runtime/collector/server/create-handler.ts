import type { ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import { createConnectRouter } from "@connectrpc/connect";
import { getRequestListener, RequestError } from "@hono/node-server";
import { IngestService } from "../../../generated/wireloom/v1/ingest_pb.js";
import type { Store } from "../../store/store.js";
import { WireloomError } from "../../wireloom-error.js";
import type { CollectorLog } from "../collector-log.js";
import { addIngestService } from "../ingest/ingest-service.js";
import type { ServeSession } from "../ingest/serve-session.js";
import { createRestApp } from "../rest/create-rest-app.js";
import { errorResponse } from "../rest/error-response.js";
import { addEventService } from "../rpc/event-service.js";
import { addReflection } from "../rpc/reflection/add-reflection.js";
import { WatchHub } from "../watch/watch-hub.js";
import { COMPRESSIONS } from "./compressions.js";
import { createConnectHandler, type RequestHandler } from "./connect-adapter.js";

/** Maximum bytes of a request, after decompression. */
const MAX_QUERY_BYTES = 64 << 10;
/** Host of requests that name none, as HTTP/1.0 allows; nothing depends on it. */
const NAME_WITHOUT_HOST = "localhost";

/** What the handlers of requests need. */
export interface HandlerOptions {
  readonly store: Store;
  readonly version: string;
  readonly log: CollectorLog;
  /** Serves the sessions of agents. */
  readonly serveSession: ServeSession;
  /** Ends streams and exports. */
  readonly signal: AbortSignal;
}

/** The error for a request whose target, host or scheme is not valid (RFC 9110, section 7.1). */
function badTarget({ message }: RequestError, resource: string): WireloomError {
  const reason = message.charAt(0).toLowerCase() + message.slice(1);
  return new WireloomError(
    "invalid_argument",
    `the request's target, Host or scheme is not valid (${reason}); send a path such as /v1/${resource} and the collector's own host`,
  );
}

/** REST, and Connect, gRPC and gRPC-Web for the paths of services. */
export function createHandler(options: HandlerOptions): RequestHandler {
  const { store } = options;
  const { events } = store;
  const watchHub = new WatchHub(store, options.log);
  const example = events[0]?.table.resource ?? "agents";
  const rest = getRequestListener(createRestApp({ ...options, events }).fetch, {
    errorHandler: (error) =>
      errorResponse(error instanceof RequestError ? badTarget(error, example) : error, options.log),
  });
  const router = createConnectRouter({
    readMaxBytes: MAX_QUERY_BYTES,
    acceptCompression: [...COMPRESSIONS],
    shutdownSignal: options.signal,
  });
  addIngestService(router, options.serveSession, options.log);
  for (const event of events) addEventService(router, event, { ...options, watchHub });
  addReflection(router, [IngestService, ...events.map((event) => event.service)]);
  // Hono's type of a response is one for both of Node's.
  const handler = createConnectHandler(
    router,
    (request, response) => void rest(request, response as ServerResponse | Http2ServerResponse),
    options.log,
  );
  return (request, response) => {
    if (request.httpVersion === "1.0") request.headers.host ??= NAME_WITHOUT_HOST;
    // The collector as a whole (RFC 9110, section 9.3.7).
    if (request.method === "OPTIONS" && request.url === "*") request.url = "/";
    handler(request, response);
  };
}
