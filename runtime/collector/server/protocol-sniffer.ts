import type { Server as Http1Server } from "node:http";
import type { Http2Server } from "node:http2";
import { createServer, type Server, type Socket } from "node:net";

/** What an HTTP/2 connection begins with when nothing was negotiated (RFC 9113, section 3.4); no HTTP/1 request does. */
const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
/** Time that a connection has for its first bytes. */
const FIRST_BYTES_TIMEOUT_MS = 10_000;

/** A server that distinguishes HTTP/1.1 from HTTP/2 by the first bytes and passes each connection to the server of its protocol. */
export function createSniffingServer(http1: Http1Server, http2: Http2Server): Server {
  return createServer({ noDelay: true }, (socket) => sniff(socket, http1, http2));
}

function sniff(socket: Socket, http1: Http1Server, http2: Http2Server): void {
  let first = Buffer.alloc(0);
  const close = (): void => {
    socket.destroy();
  };
  // Until a server takes the socket, a broken connection must not be an unhandled error.
  socket.on("error", close);
  socket.setTimeout(FIRST_BYTES_TIMEOUT_MS, close);
  const onReadable = (): void => {
    const bytes: Buffer | null = socket.read();
    if (bytes === null) return;
    first = Buffer.concat([first, bytes]);
    const compared = Math.min(first.length, PREFACE.length);
    const isPreface = first.compare(PREFACE, 0, compared, 0, compared) === 0;
    if (isPreface && first.length < PREFACE.length) return;
    socket.off("readable", onReadable);
    socket.off("error", close);
    socket.setTimeout(0);
    socket.removeListener("timeout", close);
    socket.unshift(first);
    const server: Http1Server | Http2Server = isPreface ? http2 : http1;
    server.emit("connection", socket);
    // The HTTP/1 parser reads by `data` events, which do not start by themselves after `readable` ones.
    if (!isPreface) socket.resume();
  };
  socket.on("readable", onReadable);
}
