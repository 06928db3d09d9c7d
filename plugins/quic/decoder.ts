import type { QuicRecord } from "../../generated/quic/record.js";
import type { DatagramDecoder, Probe } from "../../runtime/plugin/index.js";
import { findClientHello } from "./google-hello.js";
import {
  type GooglePacket,
  isGoogleFirstByte,
  isGoogleLongHeader,
  readGoogleLongHeader,
  readGooglePacket,
} from "./google-packet.js";
import { ORIGINAL_ID_BYTES, PacketType, readLongHeader } from "./long-header.js";
import { OpenAttempts } from "./open-attempts.js";
import { QuicConversation } from "./quic-conversation.js";

/** Fewest bytes of a CHLO, which is padded so that its answer is not much longer. */
const CHLO_DATAGRAM_BYTES = 1024;
/** Fewest bytes of a datagram with a client's Initial (RFC 9000, section 14.1). */
const INITIAL_DATAGRAM_BYTES = 1200;

const createOpenAttempts = () => new OpenAttempts();

/** QUIC: a row an attempt at a connection. */
export const decodeDatagram: DatagramDecoder<QuicRecord> = (datagram, out) =>
  out.state(() => new QuicConversation(out, out.captureState(createOpenAttempts))).decode(datagram);

/** A datagram that begins with a client's Initial of a version that is known, or with a CHLO of Google's. */
export const probe: Probe = ({ bytes, start, end }) => {
  if (end - start < CHLO_DATAGRAM_BYTES) return false;
  if (isGoogleFirstByte(bytes[start]!)) return isClientHello(readGooglePacket(bytes, start, end), bytes, end);
  if (isGoogleLongHeader(bytes, start, end)) return isClientHello(readGoogleLongHeader(bytes, start, end), bytes, end);
  if (end - start < INITIAL_DATAGRAM_BYTES || bytes[start]! < 0xc0) return false;
  const header = readLongHeader(bytes, start, end);
  if (header?.type !== PacketType.Initial) return false;
  return header.destinationEnd - header.destinationStart >= ORIGINAL_ID_BYTES;
};

function isClientHello(packet: GooglePacket | undefined, bytes: Uint8Array, end: number): boolean {
  return packet !== undefined && packet.version !== 0 && findClientHello(bytes, packet.contentStart, end) !== -1;
}
