import type { TlsRecord } from "../../generated/tls/record.js";
import type { DatagramDecoder, Probe, StreamDecoderFactory } from "../../runtime/plugin/hooks.js";
import { DtlsConversation } from "./dtls-conversation.js";
import { isDtlsStart, isTlsStart } from "./recognise.js";
import { TlsStream } from "./tls-stream.js";

const TCP = 6;

/** TLS over TCP. */
export const createStreamDecoder: StreamDecoderFactory<TlsRecord> = (_, out) => new TlsStream(out);

/** DTLS over UDP. */
export const decodeDatagram: DatagramDecoder<TlsRecord> = (datagram, out) =>
  out.state(() => new DtlsConversation(out)).decode(datagram);

/** A stream or a datagram that begins with a hello. */
export const probe: Probe = ({ bytes, start, end, ipProtocol }) =>
  ipProtocol === TCP ? isTlsStart(bytes, start, end) : isDtlsStart(bytes, start, end);
