// HTTP server for captures: every way to end a body, informational responses, protocol switches, and CONNECT to itself.
// Usage: node server.mjs PORT
import { createServer } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";

const port = Number(process.argv[2]);
const answers = {
  "/chunked": (request, response) => {
    // Without chunks there is no place for trailers.
    const hasTrailers = request.httpVersion === "1.1" && request.method !== "HEAD";
    if (hasTrailers) response.setHeader("Trailer", "X-Sum");
    for (const part of ["one ", "two ", "x".repeat(4000)]) response.write(part);
    if (hasTrailers) response.addTrailers({ "X-Sum": "3" });
    response.end("end");
  },
  "/gzip": (_, response) => {
    response.writeHead(200, { "Content-Encoding": "gzip", "Content-Type": "text/plain; charset=utf-8" });
    response.end(gzipSync("wireloom ".repeat(200)));
  },
  "/close": (_, response) => {
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, { Connection: "close" });
    response.write("until ");
    setTimeout(() => response.end("the end"), 50);
  },
  "/hints": (_, response) => {
    response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    setTimeout(() => response.end("hinted"), 50);
  },
  "/processing": (_, response) => {
    response.writeProcessing();
    response.end("processed");
  },
  "/nothing": (_, response) => response.writeHead(204).end(),
  "/unchanged": (_, response) => response.writeHead(304, { ETag: '"1"' }).end(),
  "/moved": (_, response) => response.writeHead(302, { Location: "/target?token=hidden&page=2" }).end(),
  "/elsewhere": (_, response) => response.writeHead(301, { Location: "http://server/page" }).end(),
  "/cookie": (_, response) => response.writeHead(200, { "Set-Cookie": "session=secret; HttpOnly" }).end("cookie"),
  "/upload": (request, response) => {
    let bytes = 0;
    request.on("data", (data) => (bytes += data.length));
    request.on("end", () => response.end(String(bytes)));
  },
  "/reset": (request, response) => {
    response.writeHead(200, { "Content-Length": 10000 });
    response.write("x".repeat(5000));
    setTimeout(() => request.socket.resetAndDestroy(), 100);
  },
};

const server = createServer({ keepAliveTimeout: 1000 }, (request, response) => {
  const { pathname } = new URL(request.url, "http://server");
  (answers[pathname] ?? ((_, other) => other.writeHead(404).end("none")))(request, response);
});
server.on("upgrade", (_, socket) => {
  socket.end(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nGET / is no request here",
  );
});
server.on("connect", (_, socket, head) => {
  const inner = connect(port, "127.0.0.1", () => {
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    inner.write(head);
    socket.pipe(inner).pipe(socket);
  });
  inner.on("error", () => socket.destroy());
  socket.on("error", () => inner.destroy());
});
server.listen(port, "::");
