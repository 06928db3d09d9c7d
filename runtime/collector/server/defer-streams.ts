import type { NodeRequest, RequestHandler } from "./connect-adapter.js";
import { Turns } from "./turns.js";

/**
 * Starts an HTTP/2 request only after the data that its connection has received is read: a stream that its client has already reset then
 * costs nothing more. Otherwise a connection that opens and resets streams by the thousand (CVE-2023-44487) would have each of them answered.
 * Connections take turns, one stream each: a hundred streams of one connection do not delay another's.
 */
export function deferStreams(handler: RequestHandler): RequestHandler {
  const starts = new Turns();
  return (request, response) => {
    if (!("stream" in request)) handler(request, response);
    else {
      starts.add(request.stream.session, () => {
        if (!isReset(request)) handler(request, response);
      });
    }
  };
}

function isReset(request: NodeRequest): boolean {
  return "stream" in request && (request.stream.aborted || request.stream.destroyed);
}
