import type { Difference } from "../difference.js";
import { hasValue } from "../tshark-frame.js";

/** Random of a ServerHello that is a HelloRetryRequest (RFC 8446, section 4.1.3). */
const RETRY_RANDOM = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";

/** Whether an earlier frame of the connection, over TCP or QUIC, has a HelloRetryRequest. */
export function isAfterRetryRequest({ evidence, frame }: Difference): boolean {
  const field = evidence.frame?.["tcp.stream"]?.length ? "tcp.stream" : "udp.stream";
  const stream = evidence.frame?.[field]?.[0] ?? "";
  return evidence.readings.tshark.frames
    .slice(0, frame - 1)
    .some(
      (each) =>
        hasValue(each, field, stream) &&
        (hasValue(each, "tls.handshake.random", RETRY_RANDOM) || hasValue(each, "dtls.handshake.random", RETRY_RANDOM)),
    );
}
