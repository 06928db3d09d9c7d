import { registry } from "../../../generated/registry.js";
import { findPlugin } from "../../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench, type FrameOptions } from "../../../runtime/plugin/testing/decoder-bench.js";
import type { DatagramEnds } from "../../../runtime/plugin/testing/udp-frame.js";

/** The plugin under test. */
export const plugin = findPlugin(registry.plugins, "dhcp");

export const TO_SERVER = { srcPort: 68, dstPort: 67, srcAddress: "0.0.0.0", dstAddress: "255.255.255.255" };
export const TO_CLIENT = { srcPort: 67, dstPort: 68, srcAddress: "192.0.2.53", dstAddress: "192.0.2.100" };
export const TO_SERVERS6 = { srcPort: 546, dstPort: 547, srcAddress: "fe80::1", dstAddress: "ff02::1:2" };
export const TO_CLIENT6 = { srcPort: 547, dstPort: 546, srcAddress: "fe80::53", dstAddress: "fe80::1" };

/** Bytes of hex digits, in which spaces are layout. */
export const hex = (...parts: readonly string[]) => Buffer.from(parts.join("").replaceAll(/\s/g, ""), "hex");

/** Hex digits of a text. */
export const text = (value: string) => Buffer.from(value, "latin1").toString("hex");

/** Hex digits of an option of DHCP: code, length, value. */
export function option(code: number, value: string): string {
  const bytes = hex(value);
  return Buffer.from([code, bytes.length]).toString("hex") + bytes.toString("hex");
}

/** Hex digits of an option of DHCPv6: code and length of two bytes each, value. */
export function option6(code: number, value: string): string {
  const bytes = hex(value);
  const header = Buffer.alloc(4);
  header.writeUInt16BE(code);
  header.writeUInt16BE(bytes.length, 2);
  return header.toString("hex") + bytes.toString("hex");
}

/** Parts of a message as of RFC 2131, figure 1. */
export interface Parts {
  readonly first?: string;
  readonly xid?: string;
  readonly addresses?: string;
  readonly chaddr?: string;
  readonly sname?: string;
  readonly file?: string;
}

/** A message with these options after the magic cookie. */
export function message(options: string, parts: Parts = {}): Buffer {
  const {
    // BOOTREQUEST, Ethernet, 6 bytes, no hop
    first = "01 01 06 00",
    xid = "12345678",
    addresses = "00000000 00000000 00000000 00000000",
    chaddr = "020000000001",
    sname = "",
    file = "",
  } = parts;
  // 3 seconds, broadcast
  return hex(
    `${first} ${xid} 0003 8000 ${addresses}`,
    padded(chaddr, 16),
    padded(sname, 64),
    padded(file, 128),
    "63825363",
    options,
  );
}

function padded(digits: string, lengthBytes: number): string {
  return digits.replaceAll(/\s/g, "").padEnd(lengthBytes * 2, "0");
}

/** The rows of some messages. */
export function rowsOf(...messages: readonly (readonly [Uint8Array, DatagramEnds & FrameOptions])[]) {
  const bench = new DecoderBench(plugin);
  for (const [payload, options] of messages) bench.udp(payload, options);
  return bench.finish();
}

/** The row of a client's message of DHCP with these options. */
export function rowOf(options: string, parts?: Parts) {
  return rowsOf([message(options, parts), TO_SERVER])[0]!;
}

/** The row of a client's message of DHCPv6 with these options: SOLICIT, transaction 0x123456. */
export function row6Of(options: string) {
  return rowsOf([hex("01 123456", options), TO_SERVERS6])[0]!;
}

/** Verdict of the decoder on one message, and its rows. */
export function verdictOf(payload: Uint8Array, ends: DatagramEnds & FrameOptions) {
  const bench = new DecoderBench(plugin);
  bench.udp(payload, ends);
  const { rows, accepted, truncated, malformed, notMine } = bench.counters();
  return { rows, accepted, truncated, malformed, notMine };
}
