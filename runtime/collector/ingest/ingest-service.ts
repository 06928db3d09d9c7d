import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import { type IngestRequest, type IngestResponse, IngestService } from "../../../generated/wireloom/v1/ingest_pb.js";
import { IngestLimits } from "../../ingest-limits.js";
import type { CollectorLog } from "../collector-log.js";
import { connectError } from "../rpc/connect-error.js";
import { bytesReceived } from "./peer-activity.js";
import type { ServeSession } from "./serve-session.js";

/** Adds the service that receives agents' events over Connect and gRPC. */
export function addIngestService(router: ConnectRouter, serveSession: ServeSession, log: CollectorLog): void {
  router.service(
    IngestService,
    {
      async *ingest(requests: AsyncIterable<IngestRequest>, context: HandlerContext): AsyncIterable<IngestResponse> {
        try {
          const { signal, values } = context;
          yield* serveSession(requests, { signal, bytesReceived: values.get(bytesReceived) });
        } catch (error) {
          throw connectError(error, log);
        }
      },
    },
    { readMaxBytes: IngestLimits.messageBytes },
  );
}
