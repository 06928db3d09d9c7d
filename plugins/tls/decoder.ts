import type { TlsRecord } from "../../generated/tls/record.js";
import type { DatagramDecoder, Probe, StreamDecoderFactory } from "../../runtime/plugin/hooks.js";
import { Verdict } from "../../runtime/plugin/verdict.js";
export const decodeDatagram: DatagramDecoder<TlsRecord> = () => Verdict.NotMine;
export const createStreamDecoder: StreamDecoderFactory<TlsRecord> = () => ({ decode: () => -1, gap: () => -1 });
export const probe: Probe = () => false;
