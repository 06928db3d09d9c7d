import type { NtpRecord } from "../../generated/ntp/record.js";
import type { DatagramDecoder } from "../../runtime/plugin/hooks.js";
import { Verdict } from "../../runtime/plugin/verdict.js";
export const decodeDatagram: DatagramDecoder<NtpRecord> = (datagram, out) => {
  out.emit();
  return Verdict.Accepted;
};
