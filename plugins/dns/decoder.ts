import type { DnsRecord } from "../../generated/dns/record.js";
import type { DatagramDecoder, StreamDecoderFactory } from "../../runtime/plugin/index.js";
import { decodeMessage } from "./decode-message.js";
import { MessageStream } from "./message-stream.js";

/** DNS, multicast DNS and LLMNR over UDP. */
export const decodeDatagram: DatagramDecoder<DnsRecord> = (datagram, out) => decodeMessage(datagram, out);

/** DNS over TCP. */
export const createStreamDecoder: StreamDecoderFactory<DnsRecord> = (connection, out) =>
  new MessageStream(connection, out);
