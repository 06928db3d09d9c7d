import type { NodeRequest, NodeResponse, RequestHandler } from "./connect-adapter.js";
import { formatAuthority, isLoopback, type ListenAddress } from "./listen-address.js";

/**
 * Refuses requests for another host than this one, where only this machine can connect: a page whose name was pointed at 127.0.0.1 (DNS
 * rebinding) is of the same origin for the browser and could read everything. `allowed` are names that a proxy passes on. Requests of
 * HTTP/1.0 without a host are served, because browsers do not send any.
 */
export function checkHost(handler: RequestHandler, address: ListenAddress, allowed: readonly string[]): RequestHandler {
  if (!isLoopback(address.host)) return handler;
  const names = new Set([...allowed, address.host, "localhost"].map((name) => name.toLowerCase()));
  const isKnown = (authority: string): boolean => {
    const host = /^(?:\[([^\]]+)\]|([^:]*))(?::\d+)?$/.exec(authority.toLowerCase());
    const name = host?.[1] ?? host?.[2];
    return name !== undefined && (names.has(name) || isLoopback(name));
  };
  return (request, response) => {
    const authority = authorityOf(request);
    const isAnswered = authority === undefined ? request.httpVersion === "1.0" : isKnown(authority);
    if (isAnswered) handler(request, response);
    else refuse(response, authority ?? "", address);
  };
}

/** The host and port that a request is for; undefined where it names none. */
export function authorityOf(request: NodeRequest): string | undefined {
  return "authority" in request && request.authority !== "" ? request.authority : request.headers.host;
}

/** 421 Misdirected Request (RFC 9110, section 15.5.20). */
function refuse(response: NodeResponse, authority: string, address: ListenAddress): void {
  const message = `this is ${formatAuthority(address)}, not ${JSON.stringify(authority.slice(0, 100))}; start the collector with --allow-host for a name of yours`;
  response.writeHead(421, { "content-type": "application/json" });
  response.end(`${JSON.stringify({ error: { code: "misdirected_request", message } })}\n`);
}
