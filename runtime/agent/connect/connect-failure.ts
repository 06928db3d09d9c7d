import { Code, type ConnectError } from "@connectrpc/connect";
import type { ErrorCode } from "../../wireloom-error.js";
import { TransportError } from "../transport-error.js";
import { NotHttp2Error } from "./collector-session.js";

/** Connect's codes as the uplink distinguishes them. */
const CODES: Readonly<Record<Code, ErrorCode>> = {
  [Code.Canceled]: "canceled",
  [Code.Unknown]: "unavailable",
  [Code.InvalidArgument]: "invalid_argument",
  [Code.DeadlineExceeded]: "deadline_exceeded",
  [Code.NotFound]: "not_found",
  [Code.AlreadyExists]: "already_exists",
  [Code.PermissionDenied]: "permission_denied",
  [Code.ResourceExhausted]: "resource_exhausted",
  [Code.FailedPrecondition]: "unavailable",
  [Code.Aborted]: "unavailable",
  [Code.OutOfRange]: "unavailable",
  [Code.Unimplemented]: "unimplemented",
  [Code.Internal]: "unavailable",
  [Code.Unavailable]: "unavailable",
  [Code.DataLoss]: "unavailable",
  [Code.Unauthenticated]: "unauthenticated",
};
/** OpenSSL's names of a certificate whose authority is not known (Node's documentation, "X509 certificate error codes"). */
const UNKNOWN_AUTHORITY = new Set([
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
const NOT_TLS = new Set(["EPROTO", "ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG"]);

/** What happened to a stream to the collector at `url`, and what can be done about it. */
export function transportError(url: string, reason: ConnectError): TransportError {
  if (reason.cause instanceof TransportError) return reason.cause;
  return new TransportError(CODES[reason.code], whatHappened(reason), {
    cause: reason,
    advice: adviceFor(url, reason.cause),
  });
}

function whatHappened({ cause, rawMessage }: ConnectError): string {
  const code = codeOf(cause);
  // OpenSSL's own text is of several parts and lines.
  if (NOT_TLS.has(code)) return "what answers there does not speak TLS";
  if (!code.startsWith("ERR_SSL_")) return rawMessage;
  return `no TLS connection could be made: ${(cause as { reason?: string }).reason ?? code}`;
}

function codeOf(cause: unknown): string {
  return String((cause as NodeJS.ErrnoException | undefined)?.code);
}

function adviceFor(url: string, cause: unknown): string {
  if (cause instanceof NotHttp2Error) {
    return url.startsWith("http:")
      ? "check the address, or use https:// for a collector with a certificate"
      : "check the address";
  }
  const code = codeOf(cause);
  if (UNKNOWN_AUTHORITY.has(code)) return "give the authority that signed its certificate with --tls-ca";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return "use a name of its certificate in the address, or have the certificate made for this one";
  if (code === "CERT_HAS_EXPIRED") return "renew its certificate, or its authority's";
  if (code === "CERT_NOT_YET_VALID") return "check the clocks of both machines";
  if (code === "INVALID_PURPOSE") return "have a certificate made for servers";
  if (code.startsWith("ERR_SSL_") && !NOT_TLS.has(code)) return "have a certificate made whose key clients support";
  if (NOT_TLS.has(code)) return "use http:// for a collector without a certificate, or check the address";
  return "start one with `wireloom collector` or check the address";
}
