import { constants, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";

/** Streams of one connection at once. */
export const MAX_STREAMS = 100;
/** Milliseconds between two checks of a connection. */
const INTERVAL_MS = 5000;
/** Number of checks without an answer to a PING after which the other end is gone. */
const MAX_LOST_PINGS = 3;
/** Milliseconds after which a connection without a stream is closed. */
const IDLE_MS = 60_000;
/** Streams that a client may reset in an interval. */
const MAX_RESETS = 500;

/**
 * Ends HTTP/2 connections that are not of use: those whose other end no longer answers a PING (RFC 9113, section 6.7),
 * those without a stream for a minute, and those of clients that open streams only to reset them (CVE-2023-44487).
 */
export function guardSession(session: ServerHttp2Session, intervalMs = INTERVAL_MS): void {
  let openStreams = 0;
  let resets = 0;
  let idleSince = performance.now();
  let lostPings = 0;
  let bytesRead = 0;
  session.on("stream", (stream: ServerHttp2Stream) => {
    openStreams++;
    stream.once("close", () => {
      openStreams--;
      idleSince = performance.now();
      if (stream.rstCode !== constants.NGHTTP2_NO_ERROR && ++resets > MAX_RESETS)
        session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    });
  });
  const timer = setInterval(() => {
    resets = 0;
    // A session that has closed has no socket any longer; its connection is ended by `Connections`.
    if (session.closed || session.destroyed) return;
    // On a slow line the answer is queued after data, which is a sign of life too.
    const bytesNow = session.socket.bytesRead ?? 0;
    if (bytesNow !== bytesRead) lostPings = 0;
    bytesRead = bytesNow;
    if (lostPings >= MAX_LOST_PINGS) {
      session.destroy();
      return;
    }
    if (openStreams === 0 && performance.now() - idleSince >= IDLE_MS) {
      session.close();
      return;
    }
    lostPings++;
    session.ping((error) => {
      if (error === null) lostPings = 0;
    });
  }, intervalMs);
  session.once("close", () => clearInterval(timer));
  // An error of a connection concerns only its client; the session closes after it.
  session.on("error", () => undefined);
}
