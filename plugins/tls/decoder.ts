import type { TlsRecord } from "../../generated/tls/record.js";
import type { DatagramDecoder, Probe, StreamDecoderFactory } from "../../runtime/plugin/hooks.js";
import { Verdict } from "../../runtime/plugin/verdict.js";
import { isTlsStart } from "./recognise.js";
import { TlsStream } from "./tls-stream.js";

/** TLS over TCP: a row a handshake. */
export const createStreamDecoder: StreamDecoderFactory<TlsRecord> = (_, out) => new TlsStream(out);

export const decodeDatagram: DatagramDecoder<TlsRecord> = () => Verdict.NotMine;

/** A hello that is whole in its form, be it a record of TLS or a datagram of DTLS. */
export const probe: Probe = ({ bytes, start, end, ipProtocol }) => ipProtocol === 6 && isTlsStart(bytes, start, end);
