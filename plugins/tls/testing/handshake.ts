import { X509Certificate } from "node:crypto";
import { registry } from "../../../generated/registry.js";
import { findPlugin } from "../../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../../runtime/plugin/testing/tcp-conversation.js";
import { certificateExamples } from "./certificate-examples.js";
import { extension, handshake, hex, message, record } from "./messages.js";

const plugin = findPlugin(registry.plugins, "tls");

/** Content types of records (RFC 8446, section 5.1). */
export const HANDSHAKE = 22;
export const APPLICATION_DATA = 23;
export const CHANGE_CIPHER_SPEC = record(20, hex("01"));
/** Finished and application data as they are captured: opaque bytes. */
export const ENCRYPTED = Buffer.alloc(60, 0xee);
/** A record with an alert (RFC 8446, section 6). */
export const alert = (level: number, description: number) => record(21, Buffer.of(level, description));

/** A certificate, in DER. */
export const CERTIFICATE = new X509Certificate(certificateExamples[0]!.pem).raw;

/** The messages of a full TLS 1.2 handshake with certificates of both sides. */
export const CLIENT_HELLO = handshake(
  1,
  message.clientHello({
    extensions: [
      extension.serverName("www.wireloom.example"),
      extension.groups(0x001d, 0x0017),
      extension.pointFormats(),
      extension.signatures(0x0403, 0x0804),
      extension.protocols("h2", "http/1.1"),
      extension.of(35, hex("")),
    ],
  }),
);
export const SERVER_FLIGHT = [
  handshake(2, message.serverHello({ extensions: [extension.protocols("h2"), extension.of(35, hex(""))] })),
  handshake(11, message.certificates(CERTIFICATE)),
  handshake(22, hex("01 000002 aabb")),
  // A named curve, x25519, and a point (RFC 8422, section 5.4).
  handshake(12, hex("03 001d 02 aabb 0403 0002 cccc")),
  handshake(13, hex("01 40 0002 0403 0000")),
  handshake(14),
];
export const CLIENT_FLIGHT = [handshake(11, message.certificates(CERTIFICATE)), handshake(16, hex("02 aabb"))];

/** Bytes of one side, or of both. */
export interface Sent {
  readonly client?: Uint8Array;
  readonly server?: Uint8Array;
  readonly atSeconds?: number;
}

/** A full TLS 1.2 handshake, in the flights of both sides. */
export const FULL: readonly Sent[] = [
  { client: record(HANDSHAKE, CLIENT_HELLO), atSeconds: 1 },
  { server: record(HANDSHAKE, ...SERVER_FLIGHT), atSeconds: 1.02 },
  { client: Buffer.concat([record(HANDSHAKE, ...CLIENT_FLIGHT), CHANGE_CIPHER_SPEC, record(HANDSHAKE, ENCRYPTED)]) },
  { server: record(HANDSHAKE, handshake(4, hex("00000000 0002 aabb"))) },
  { server: Buffer.concat([CHANGE_CIPHER_SPEC, record(HANDSHAKE, ENCRYPTED)]), atSeconds: 1.05 },
];

/** A ClientHello of TLS 1.3, and the ServerHello that responds to it. */
export const CLIENT_HELLO_13 = handshake(
  1,
  message.clientHello({
    sessionId: "aa".repeat(32),
    extensions: [
      extension.serverName("www.wireloom.example"),
      extension.offeredVersions(0x0a0a, 0x0304, 0x0303),
      extension.groups(0x11ec, 0x001d),
      extension.keyShares(0x001d),
      extension.of(65037, hex("00")),
      extension.of(42, hex("")),
      extension.of(41, hex("aabb")),
    ],
  }),
);
export const SERVER_HELLO_13 = handshake(
  2,
  message.serverHello({
    suite: 0x1301,
    extensions: [extension.chosenVersion(0x0304), extension.chosenShare(0x001d), extension.of(41, hex("0000"))],
  }),
);

/** A connection of which nothing was sent yet. */
export function start(serverPort = 443) {
  const bench = new DecoderBench(plugin);
  const connection = new TcpConversation(bench, { serverPort });
  return { bench, connection };
}

/** Sends the bytes in order. */
export function send(connection: TcpConversation, sent: readonly Sent[]): void {
  for (const { client, server, atSeconds } of sent) {
    const options = atSeconds === undefined ? {} : { atSeconds };
    if (client !== undefined) connection.client(client, options);
    if (server !== undefined) connection.server(server, options);
  }
}

/** The rows of a connection on which this was sent. */
export function rowsOf(...sent: readonly Sent[]) {
  const { bench, connection } = start();
  connection.open();
  send(connection, sent);
  return bench.finish();
}
