import { all, hasField, inNoRow, onlyInRow, onlyOurs } from "../../../test/conformance/conditions.js";
import type { Difference } from "../../../test/conformance/difference.js";
import type { KnownDifference } from "../../../test/conformance/known-difference.js";
import { isAfterRetryRequest } from "../../../test/conformance/known-differences/hello-retry.js";
import { isOnHttpPort } from "../../../test/conformance/known-differences/http-ports.js";
import { has, hasValue } from "../../../test/conformance/tshark-frame.js";
import { isOfDelegatedCredentials } from "./delegated-credentials.js";

/** The connection is of SSL 2.0, whose hello the frame has, or an earlier one. */
function isSsl2({ evidence }: Difference): boolean {
  return evidence.row?.["client_version"] === "SSL2" || has(evidence.frame, "tls.handshake.challenge");
}

/** An earlier hello of the conversation has the same random. */
function isHelloAgain({ evidence, frame }: Difference): boolean {
  const [stream, random] = ["udp.stream", "dtls.handshake.random"].map((field) => evidence.frame?.[field]?.[0] ?? "");
  const before = evidence.readings.tshark.frames.slice(0, frame - 1);
  return before.some(
    (each) => hasValue(each, "udp.stream", stream!) && hasValue(each, "dtls.handshake.random", random!),
  );
}

/** Fields of tshark that only the conditions here read. */
export const evidenceFields = ["tls.handshake.extension.type", "openvpn"];

/** Known differences of TLS. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    id: "tls/hello-asked-for",
    fields: ["row"],
    reason: "A ClientHello that the server asked for with a HelloRetryRequest: the row is the first one's.",
    explains: all(inNoRow, isAfterRetryRequest),
  },
  {
    id: "tls/hello-again",
    fields: ["row"],
    reason: "A ClientHello over UDP that is sent again: the row is the first one's.",
    explains: all(inNoRow, isHelloAgain),
  },
  {
    id: "tls/delegated-credentials",
    fields: ["signature_algorithms = tls.handshake.sig_hash_alg"],
    reason: "Wireshark has the algorithms of delegated credentials (RFC 9345) in the same field, before ours.",
    explains: isOfDelegatedCredentials,
  },
  {
    id: "tls/ssl2",
    fields: [
      "offered_cipher_suites = tls.handshake.ciphersuite",
      "certificate_serial = x509af.serialNumber",
      "certificate_signature_algorithm = x509af.algorithm.id",
    ],
    reason: "Wireshark has the suites of SSL 2.0 in a field of their own and does not look into its certificate.",
    explains: all(onlyOurs, isSsl2),
  },
  {
    id: "tls/in-openvpn",
    fields: ["row"],
    reason: "OpenVPN carries TLS records in packets of its own, which are not decoded.",
    explains: all(inNoRow, hasField("openvpn")),
  },
  {
    id: "tls/on-http-port",
    fields: ["row"],
    reason: "On a port that tshark knows for HTTP it does not look for TLS.",
    explains: all(onlyInRow, isOnHttpPort),
  },
];
