import { all, hasField, inNoRow, onlyInRow, onlyOurs, portsOf, some } from "../../../test/conformance/conditions.js";
import type { Difference } from "../../../test/conformance/difference.js";
import type { KnownDifference } from "../../../test/conformance/known-difference.js";
import { isAfterRetryRequest } from "../../../test/conformance/known-differences/hello-retry.js";
import { hasValue } from "../../../test/conformance/tshark-frame.js";

const PARAMETERS = [
  "max_idle_timeout = tls.quic.parameter.max_idle_timeout",
  "max_udp_payload_size = tls.quic.parameter.max_udp_payload_size",
  "initial_max_data = tls.quic.parameter.initial_max_data",
  "initial_max_stream_data_bidi_local = tls.quic.parameter.initial_max_stream_data_bidi_local",
  "initial_max_stream_data_bidi_remote = tls.quic.parameter.initial_max_stream_data_bidi_remote",
  "initial_max_stream_data_uni = tls.quic.parameter.initial_max_stream_data_uni",
  "initial_max_streams_bidi = tls.quic.parameter.initial_max_streams_bidi",
  "initial_max_streams_uni = tls.quic.parameter.initial_max_streams_uni",
  "max_ack_delay = tls.quic.parameter.max_ack_delay",
  "active_connection_id_limit = tls.quic.parameter.active_connection_id_limit",
];
const CLIENT_HELLO = [
  "server_name = tls.handshake.extensions_server_name",
  "offered_alpn = tls.handshake.extensions_alpn_str",
  "offered_cipher_suites = tls.handshake.ciphersuite",
  "offered_groups = tls.handshake.extensions_supported_group",
  "offered_versions = tls.handshake.extensions.supported_version",
  "key_share_groups = tls.handshake.extensions_key_share_group",
  "signature_algorithms = tls.handshake.sig_hash_alg",
  "client_extensions = tls.handshake.extension.type",
  "client_random = tls.handshake.random",
  "ja3 = tls.handshake.ja3",
];

/** The server answered an earlier packet of the conversation with Version Negotiation. */
function isAfterNegotiation({ evidence, frame }: Difference): boolean {
  const stream = evidence.frame?.["udp.stream"]?.[0] ?? "";
  const before = evidence.readings.tshark.frames.slice(0, frame - 1);
  return before.some((each) => hasValue(each, "udp.stream", stream) && hasValue(each, "quic.version", "0x00000000"));
}

/** Fields of tshark that only the conditions here read. */
export const evidenceFields = ["quic.version"];

/** Known differences of QUIC. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    id: "quic/hello-asked-for",
    fields: ["row"],
    reason: "A ClientHello that the server asked for with a HelloRetryRequest: the row is the first one's.",
    explains: all(inNoRow, isAfterRetryRequest),
  },
  {
    id: "quic/after-negotiation",
    fields: ["row", ...CLIENT_HELLO, ...PARAMETERS],
    reason: "After Version Negotiation tshark does not decrypt the connection.",
    explains: all(some(onlyOurs, onlyInRow), isAfterNegotiation),
  },
  {
    id: "quic/on-dtls-port",
    fields: ["row"],
    reason: "QUIC on port 853, which tshark takes for DTLS.",
    explains: all(onlyInRow, hasField("dtls"), ({ evidence }) => portsOf(evidence.frame).includes(853)),
  },
];
