import type { TlsRecord } from "../../generated/tls/record.js";
import {
  type DatagramDecoder,
  IpProtocol,
  type Probe,
  type StreamDecoderFactory,
  TOO_SHORT,
} from "../../runtime/plugin/index.js";
import { DtlsConversation } from "./dtls/dtls-conversation.js";
import { isDtlsStart, isTlsStart, isTlsStartTooShort } from "./recognise.js";
import { TlsStream } from "./tls-stream.js";

/** TLS over TCP. */
export const createStreamDecoder: StreamDecoderFactory<TlsRecord> = (_, out) => new TlsStream(out);

/** DTLS over UDP. */
export const decodeDatagram: DatagramDecoder<TlsRecord> = (datagram, out) =>
  out.state(() => new DtlsConversation(out)).decode(datagram);

/** A stream or a datagram that begins with a hello. */
export const probe: Probe = ({ bytes, start, end, ipProtocol }) => {
  if (ipProtocol !== IpProtocol.Tcp) return isDtlsStart(bytes, start, end);
  return isTlsStart(bytes, start, end) || (isTlsStartTooShort(bytes, start, end) && TOO_SHORT);
};
