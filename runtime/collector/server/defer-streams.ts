import type { NodeRequest, RequestHandler } from "./connect-adapter.js";

/**
 * Hands a request of HTTP/2 on after what its connection has received was read: a stream that its client has reset by then costs nothing
 * further. A connection that opens and resets streams by the thousand (CVE-2023-44487) would have every one of them answered otherwise.
 */
export function deferStreams(handler: RequestHandler): RequestHandler {
  return (request, response) => {
    if (!("stream" in request)) handler(request, response);
    else {
      setImmediate(() => {
        if (!isReset(request)) handler(request, response);
      });
    }
  };
}

function isReset(request: NodeRequest): boolean {
  return "stream" in request && (request.stream.aborted || request.stream.destroyed);
}
