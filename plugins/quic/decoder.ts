import type { QuicRecord } from "../../generated/quic/record.js";
import type { DatagramDecoder, Probe } from "../../runtime/plugin/hooks.js";
import { ORIGINAL_ID_BYTES, PacketType, readLongHeader } from "./long-header.js";
import { OpenAttempts } from "./open-attempts.js";
import { QuicConversation } from "./quic-conversation.js";

/** Fewest bytes of a datagram with a client's Initial (RFC 9000, section 14.1). */
const INITIAL_DATAGRAM_BYTES = 1200;

const createOpenAttempts = () => new OpenAttempts();

/** QUIC: a row an attempt at a connection. */
export const decodeDatagram: DatagramDecoder<QuicRecord> = (datagram, out) =>
  out.state(() => new QuicConversation(out, out.captureState(createOpenAttempts))).decode(datagram);

/** A datagram that begins with a client's Initial of a version that is known. */
export const probe: Probe = ({ bytes, start, end }) => {
  if (end - start < INITIAL_DATAGRAM_BYTES || bytes[start]! < 0xc0) return false;
  const header = readLongHeader(bytes, start, end);
  if (header?.type !== PacketType.Initial) return false;
  return header.destinationEnd - header.destinationStart >= ORIGINAL_ID_BYTES;
};
