import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { ConnectRouter } from "@connectrpc/connect";
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import { isPlainJson } from "../rpc/plain-json.js";
import { blameClient } from "./blame-client.js";

/** A request of HTTP/1.1 or HTTP/2. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
/** Its response. */
export type NodeResponse = ServerResponse | Http2ServerResponse;
/** Answers requests of HTTP/1.1 and HTTP/2 alike. */
export type RequestHandler = (request: NodeRequest, response: NodeResponse) => void;

/**
 * A handler of the router's methods, and of all other requests by `fallback`, which has the methods that are called with plain JSON, too. A client that goes away while it is answered is not an error:
 * the method's implementation sees the aborted signal, and logs what it has to.
 */
export function createConnectHandler(router: ConnectRouter, fallback: RequestHandler): RequestHandler {
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  return (request, response) => {
    const handler = handlers.get(request.url?.split("?", 1)[0] ?? "");
    if (handler === undefined || (handler.method.methodKind === "unary" && isPlainJson(request.headers))) {
      fallback(request, response);
      return;
    }
    void answer(handler, request, response).catch(() => response.destroy());
  };
}

async function answer(
  handler: ConnectRouter["handlers"][number],
  request: NodeRequest,
  response: NodeResponse,
): Promise<void> {
  const universal = universalRequestFromNodeRequest(request, response, undefined, undefined);
  await universalResponseToNodeResponse(await blameClient(await handler(universal)), response);
}
