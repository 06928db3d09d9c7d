import type { PluginPlan } from "../../../test/conformance/comparison-plan.js";
import { reverseRow } from "../../../test/conformance/reversed-row.js";
import { has, hasValue, type TsharkFrame } from "../../../test/conformance/tshark-frame.js";

/** OpenSSL's names of object identifiers. */
const SIGNATURE_ALGORITHMS: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
  "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
  "1.2.840.113549.1.1.10": "rsassaPss",
  "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
  "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
  "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
  "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
  "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
  "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
  "1.3.14.3.2.29": "sha1WithRSA",
  "1.3.101.112": "ED25519",
  "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
};

const CLIENT_COLUMNS = new Set([
  "client_version",
  "offered_versions",
  "server_name",
  "offered_alpn",
  "offered_cipher_suites",
  "offered_groups",
  "key_share_groups",
  "signature_algorithms",
  "point_formats",
  "client_extensions",
  "client_random",
  "ja3",
]);

const SERVER_COLUMNS = new Set([
  "version",
  "alpn",
  "cipher_suite",
  "server_extensions",
  "compression_method",
  "srtp_profile",
  "ja3s",
]);

/** Columns by the column that tells their frame; the others are of the row's first frame. */
function frameColumn(name: string): string {
  if (SERVER_COLUMNS.has(name)) return "response_frame";
  if (name.startsWith("certificate_")) return "certificate_frame";
  if (name.startsWith("alert")) return "alert_frame";
  return "frame_number";
}

export const plan: PluginPlan = {
  fields: [
    ...["tls", "dtls", "quic", "icmp", "icmpv6"],
    ...["tls.handshake.type", "tls.handshake.challenge", "dtls.handshake.type", "dtls.handshake.message_seq"],
  ],
  isOf: (frame) => has(frame, "tls", "dtls") && !has(frame, "icmp", "icmpv6", "quic"),
  // Every hello of a client begins a row, but for the one that a server asked for and for repeated ones.
  isOwn: (frame) =>
    hasValue(frame, "tls.handshake.type", "1") || has(frame, "tls.handshake.challenge") || isFirstDatagramHello(frame),
  framesOf: (row) => (row["client_version"] === null ? [] : [Number(row["frame_number"])]),
  // tshark shows a hello only where its record ends; of one that breaks off there is no JA3.
  isUnfinished: (row) => row["ja3"] === null && (row["malformed"] === true || row["gap"] === true),
  frameOf(column, row) {
    // Up to TLS 1.2 in a message of its own, whose frame the row does not tell.
    if (column.name === "group") {
      return row["version"] === "TLS1_3" && row["response_frame"] !== null ? Number(row["response_frame"]) : undefined;
    }
    if (CLIENT_COLUMNS.has(column.name) && row["client_version"] === null) return null;
    const frame = row[frameColumn(column.name)];
    return frame === null || frame === undefined ? null : Number(frame);
  },
  asSeen(row) {
    if (row["client_version"] !== null) return row;
    // The row has the client as its source, which the server's hello went to.
    return reverseRow(row);
  },
  itemsOf(column, field, row) {
    const items = row[column.name] as readonly unknown[];
    if (field.startsWith("dtls.") !== (row["transport"] === "UDP") && /^d?tls\./.test(field)) return [];
    if (field === "x509ce.IPAddress.ipv4") return items.filter((item) => !String(item).includes(":"));
    if (field === "x509ce.IPAddress.ipv6") return items.filter((item) => String(item).includes(":"));
    return items;
  },
  valueForms: {
    // Two's complement, in which a number with its top bit set has a zero byte before it.
    "x509af.serialNumber": (text) => text.replaceAll(":", "").replace(/^(00)+(?=.)/, ""),
    "x509af.algorithm.id": (text) => SIGNATURE_ALGORITHMS[text] ?? text,
  },
};

/** A fragment of a hello has its type too; the one that completes it has what is inside. */
function isFirstDatagramHello(frame: TsharkFrame): boolean {
  const isFirst = hasValue(frame, "dtls.handshake.type", "1") && hasValue(frame, "dtls.handshake.message_seq", "0");
  return isFirst && has(frame, "dtls.handshake.random");
}
