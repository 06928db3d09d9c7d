import { type Difference, NOTHING } from "../comparison.js";
import type { KnownDifference } from "../known-differences.js";

const isInNoRow =
  (...frames: readonly number[]) =>
  ({ ours, frame }: Difference) =>
    ours === "in 0 rows" && frames.includes(frame);

const onlyOurs = ({ ours, tshark }: Difference) => ours !== NOTHING && tshark === NOTHING;

/** Known differences of TLS. */
export const tlsDifferences: readonly KnownDifference[] = [
  {
    resource: "tls",
    field: "row",
    capture: "retries.pcap",
    reason: "The ClientHello that the server asked for with a HelloRetryRequest; the row is the first one's.",
    explains: isInNoRow(8, 25),
  },
  {
    resource: "tls",
    field: "row",
    capture: "failures.pcap",
    reason: "As in retries.pcap.",
    explains: isInNoRow(51),
  },
  {
    resource: "tls",
    field: "row",
    capture: "dtls.pcap",
    reason: "The ClientHello of frame 157, sent again.",
    explains: isInNoRow(158),
  },
  {
    resource: "tls",
    field: "signature_algorithms = tls.handshake.sig_hash_alg",
    corpus: true,
    reason: "Wireshark has the algorithms of delegated credentials (RFC 9345) in the same field, before ours.",
    explains: ({ ours, tshark }) => ours !== NOTHING && tshark !== NOTHING,
  },
  {
    resource: "tls",
    field: "offered_cipher_suites = tls.handshake.ciphersuite",
    corpus: true,
    reason: "Wireshark has the suites of a hello of SSL 2.0 in a field of their own.",
    explains: onlyOurs,
  },
  {
    resource: "tls",
    field: "certificate_serial = x509af.serialNumber",
    corpus: true,
    reason: "Wireshark does not look into the certificate of SSL 2.0.",
    explains: onlyOurs,
  },
  {
    resource: "tls",
    field: "certificate_signature_algorithm = x509af.algorithm.id",
    corpus: true,
    reason: "As for certificate_serial.",
    explains: onlyOurs,
  },
];
