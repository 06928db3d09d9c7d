import type { DnsRecord } from "../../generated/dns/record.js";
import type { DatagramDecoder } from "../../runtime/plugin/hooks.js";
import { Verdict } from "../../runtime/plugin/verdict.js";
export const decodeDatagram: DatagramDecoder<DnsRecord> = (datagram, out) => {
  out.emit();
  return Verdict.Accepted;
};
