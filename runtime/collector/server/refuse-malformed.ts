import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Http2SecureServer } from "node:http2";
import type { Duplex } from "node:stream";

/** An error of Node's parser, with the bytes that it is of. */
interface ParserError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

/** A request line, whatever its method (RFC 9112, section 3); bytes of other protocols do not match. */
const REQUEST_LINE = /^[A-Z][A-Z-]* \S+ HTTP\/1\.[01]\r\n/;

interface Refusal {
  readonly status: string;
  readonly code: string;
  readonly message: string;
}

/** What Node's parser reports (its documentation, "Event: 'clientError'"); anything else is a malformed request. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_INVALID_METHOD: {
    status: "405 Method Not Allowed",
    code: "method_not_allowed",
    message: "the method is not known; REST takes GET, HEAD and OPTIONS",
  },
  HPE_HEADER_OVERFLOW: {
    status: "431 Request Header Fields Too Large",
    code: "invalid_argument",
    message:
      'the request line and headers are larger than 16 KiB; give fewer filters, such as one "in" for many values',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: "408 Request Timeout",
    code: "deadline_exceeded",
    message: "the request was not complete in time; send it again",
  },
};
const MALFORMED: Refusal = {
  status: "400 Bad Request",
  code: "invalid_argument",
  message: "the request is not valid HTTP/1.1",
};

/** Responds to requests that the HTTP/1.1 parser refuses with an error in the usual form, where Node sends a status alone. */
export function refuseMalformed(server: Server | Http2SecureServer): void {
  server.on("clientError", (error: ParserError, socket: Duplex) => {
    // A connection that its client has reset, or that is in the middle of a response, can only be closed.
    if (error.code === "ECONNRESET" || !socket.writable || isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const isRequest =
      error.code !== "HPE_INVALID_METHOD" || REQUEST_LINE.test(error.rawPacket?.toString("latin1") ?? "");
    const { status, code, message } = (isRequest ? REFUSALS[error.code ?? ""] : undefined) ?? MALFORMED;
    const body = errorBody(code, message);
    const head = `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n`;
    socket.end(`${head}${status.startsWith("405") ? "allow: GET, HEAD, OPTIONS\r\n" : ""}\r\n${body}`);
  });
  server.on("checkExpectation", (_request: IncomingMessage, response: ServerResponse) => {
    const body = errorBody("invalid_argument", "Expect may be 100-continue alone; leave it out");
    response.writeHead(417, { "content-type": "application/json", "content-length": body.length });
    response.end(body);
  });
}

/** Whether bytes of a response were sent on the connection: another status line in the middle of it would be read as its body. */
function isAnswering(socket: Duplex & { readonly _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent === true;
}

function errorBody(code: string, message: string): string {
  return `${JSON.stringify({ error: { code, message } })}\n`;
}
