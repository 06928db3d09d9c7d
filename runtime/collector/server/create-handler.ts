import type { ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { getRequestListener } from "@hono/node-server";
import { IngestService } from "../../../generated/wireloom/v1/ingest_pb.js";
import { IngestLimits } from "../../ingest-limits.js";
import type { Store } from "../../store/store.js";
import { addIngestService } from "../ingest/ingest-service.js";
import { peerContext } from "../ingest/peer-activity.js";
import type { ErrorLog } from "../public-error.js";
import { createRestApp } from "../rest/create-rest-app.js";
import { addEventService } from "../rpc/event-service.js";
import { addReflection } from "../rpc/reflection/add-reflection.js";
import { WatchHub } from "../watch/watch-hub.js";

/** What requests are answered from. */
export interface HandlerOptions {
  readonly store: Store;
  /** The document that `GET /openapi.json` answers. */
  readonly openApi: object;
  readonly version: string;
  readonly log: ErrorLog;
  /** Ends streams and exports. */
  readonly signal: AbortSignal;
}

/** Answers requests of HTTP/1.1 and HTTP/2 alike. */
export type RequestHandler = ReturnType<typeof connectNodeAdapter>;

/** REST for paths that are no service's, and Connect, gRPC and gRPC-Web for those that are. */
export function createHandler(options: HandlerOptions): RequestHandler {
  const { store } = options;
  const { events } = store;
  const watchHub = new WatchHub(store);
  const rest = getRequestListener(createRestApp({ ...options, events }).fetch);
  return connectNodeAdapter({
    readMaxBytes: IngestLimits.messageBytes,
    contextValues: peerContext,
    shutdownSignal: options.signal,
    routes(router) {
      addIngestService(router, { ...options, events });
      for (const event of events) addEventService(router, event, { ...options, watchHub });
      addReflection(router, [IngestService, ...events.map((event) => event.service)]);
    },
    // Connect's type of a response is one for both of Node's.
    fallback: (request, response) => void rest(request, response as ServerResponse | Http2ServerResponse),
  });
}
