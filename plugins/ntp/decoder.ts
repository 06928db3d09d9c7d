import { Mode } from "../../generated/ntp/ntp_enums.js";
import type { NtpRecord } from "../../generated/ntp/record.js";
import { type DatagramDecoder, type Timestamp, uint32, Verdict } from "../../runtime/plugin/index.js";

const HEADER_BYTES = 48;
/** Seconds from 1900, where NTP's era 0 begins, to 1970. */
const UNIX_EPOCH = 2208988800;
const ERA_SECONDS = 4294967296;

/** NTP packets as of RFC 5905, section 7.3; of control (RFC 9327) and private messages the first byte only. */
export const decodeDatagram: DatagramDecoder<NtpRecord> = (datagram, out) => {
  const { bytes, start, end } = datagram;
  if (end === start) return Verdict.Truncated;
  const { record } = out;
  const first = bytes[start]!;
  record.version = (first >> 3) & 7;
  record.mode = first & 7;
  if (record.version === 0 || record.mode === Mode.UNSPECIFIED) return Verdict.Malformed;
  if (record.mode !== Mode.PRIVATE) record.leap = first >> 6;

  if (record.mode < Mode.CONTROL) {
    if (end - start < HEADER_BYTES) return Verdict.Truncated;
    record.stratum = bytes[start + 1]!;
    record.poll = (bytes[start + 2]! << 24) >> 24;
    record.precision = (bytes[start + 3]! << 24) >> 24;
    record.rootDelay = shortNanoseconds(bytes, start + 4);
    record.rootDispersion = shortNanoseconds(bytes, start + 8);
    record.referenceId.set(bytes, start + 12, start + 16);
    setTime(record.referenceTime, bytes, start + 16);
    setTime(record.originTime, bytes, start + 24);
    setTime(record.receiveTime, bytes, start + 32);
    setTime(record.transmitTime, bytes, start + 40);
  }
  out.emit();
  return Verdict.Accepted;
};

/** NTP short format (RFC 5905, section 6): seconds in 16.16 bits; in nanoseconds. */
function shortNanoseconds(bytes: Uint8Array, at: number): number {
  return Math.floor((uint32(bytes, at) * 1e9) / 65536);
}

/** NTP timestamp format: seconds and fraction in 32 bits each, 0 for unknown; era 1 where the top bit is clear (RFC 4330, section 3). */
function setTime(time: Timestamp, bytes: Uint8Array, at: number): void {
  const stamp = uint32(bytes, at);
  const seconds = (stamp < 0x80000000 ? stamp + ERA_SECONDS : stamp) - UNIX_EPOCH;
  const fraction = uint32(bytes, at + 4);
  if ((stamp === 0 && fraction === 0) || seconds < 0) return;
  // In two steps, so that every product is exact: the fraction's halves, each below 2^46 once multiplied.
  const upper = (fraction >>> 16) * 1e9;
  const lower = Math.floor(((fraction & 0xffff) * 1e9) / 65536);
  time.set(seconds, Math.floor((upper + lower) / 65536));
}
