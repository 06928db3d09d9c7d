import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import type { CollectorLog } from "../collector-log.js";
import { peerContext } from "../ingest/peer-activity.js";
import { publicError } from "../public-error.js";
import { isPlainJson } from "../rpc/plain-json.js";
import { boundDeadline } from "./bound-deadline.js";
import { correctStatus } from "./correct-status.js";
import { explainRefusal } from "./explain-refusal.js";
import { authorityOf } from "./host-check.js";
import { describeUnknownMethod, refuseUnknownMethod } from "./unknown-method.js";

/** A request of HTTP/1.1 or HTTP/2. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
/** Its response. */
export type NodeResponse = ServerResponse | Http2ServerResponse;
/** Answers requests of HTTP/1.1 and HTTP/2 alike. */
export type RequestHandler = (request: NodeRequest, response: NodeResponse) => void;

/**
 * A handler of the router's methods, and of all other requests by `fallback`, which has the methods that are called with plain JSON, too.
 * Invalid requests and methods that do not exist are refused in Connect's or gRPC's form. A
 * client that goes away while it is answered is not an error: the method's implementation sees the aborted signal, and logs what it has to.
 */
export function createConnectHandler(
  router: ConnectRouter,
  fallback: RequestHandler,
  log: CollectorLog,
): RequestHandler {
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  const services = [...new Set(router.handlers.map(({ service }) => service))];
  return (request, response) => {
    const path = request.url?.split("?", 1)[0] ?? "";
    const handler = handlers.get(path);
    const isPost = request.method === "POST";
    if (handler === undefined) {
      const unknown = isPost ? describeUnknownMethod(path, services) : undefined;
      if (unknown === undefined) fallback(request, response);
      else refuseUnknownMethod(request, response, unknown);
      return;
    }
    // Connect parses the URL without a check; the fallback refuses one that is not valid.
    const isRefused = !URL.canParse(path, `http://${authorityOf(request) ?? ""}`);
    if (isRefused || (handler.method.methodKind === "unary" && isPost && isPlainJson(request.headers))) {
      fallback(request, response);
      return;
    }
    void answer(handler, request, response).catch((error: unknown) => {
      if (!GONE.has(ConnectError.from(error).code)) publicError(error, log);
      response.destroy();
    });
  };
}

/** The error of a response that could not be written because its client is gone. */
const GONE: ReadonlySet<Code> = new Set([Code.Aborted, Code.Canceled, Code.Unavailable]);

async function answer(
  handler: ConnectRouter["handlers"][number],
  request: NodeRequest,
  response: NodeResponse,
): Promise<void> {
  const universal = universalRequestFromNodeRequest(request, response, undefined, peerContext(request));
  boundDeadline(universal.header);
  const answered = explainRefusal(await handler(universal), handler.method, universal);
  await universalResponseToNodeResponse(await correctStatus(answered), response);
}
